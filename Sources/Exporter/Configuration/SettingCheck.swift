import BambuProtocol
import CommandFlags
import Reactor

extension Setting {
    /// The names that `model` takes.
    static let models = Model.known.map(\.name)

    /// What is wrong with an object of these settings, each with the path of the key.
    static func problems(
        in value: ConfigurationValue, _ settings: [Setting], at path: String = ""
    ) -> [(path: String, message: String)] {
        guard case .object(let members) = value else {
            return [(path, "expected an object, found \(value.kind)")]
        }
        let known = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })
        return members.sorted { $0.key < $1.key }.flatMap { key, value -> [(path: String, message: String)] in
            let inner = path.isEmpty ? key : "\(path).\(key)"
            guard let setting = known[key] else {
                return [(inner, "unknown key" + Spelling.suggestion(for: key, among: settings.map(\.key)))]
            }
            // null says what leaving the key out says.
            return value == .null ? [] : problems(in: value, setting.kind, at: inner)
        }
    }

    private static func problems(
        in value: ConfigurationValue, _ kind: Kind, at path: String
    ) -> [(path: String, message: String)] {
        func expect(_ isRight: Bool, _ wanted: String) -> [(path: String, message: String)] {
            isRight ? [] : [(path, "expected \(wanted), found \(shown(value, kind))")]
        }
        switch kind {
        case .text:
            return expect(value.text?.isEmpty == false || value.text != nil && path.hasSuffix("topic_prefix"), "a text")
        case .secret:
            // Unquoted digits are what people write first; the leading zeros of a number would be lost.
            return expect(value.text?.isEmpty == false, "a text in quotes")
        case .flag:
            return expect(value.flag != nil, "true or false")
        case .integer(let range):
            return expect(
                value.integer.map(range.contains) == true,
                "a whole number from \(range.lowerBound) to \(range.upperBound)")
        case .duration(let shortest):
            let example = "a duration such as \"90s\", \"5m\" or \"1h30m\""
            guard let duration = value.duration else { return expect(false, example) }
            return expect(duration >= shortest, "at least \"\(DurationText.text(of: shortest))\"")
        case .choice(let choices):
            return expect(value.text.map(choices.contains) == true, "one of \(choices.joined(separator: ", "))")
        case .fingerprint:
            return expect(value.text.flatMap { Fingerprint($0) } != nil, "sha256: and 64 hexadecimal digits")
        case .object(let settings):
            return problems(in: value, settings, at: path)
        case .list(let kind):
            guard case .array(let elements) = value else { return expect(false, "a list") }
            return elements.enumerated().flatMap { problems(in: $1, kind, at: "\(path)[\($0)]") }
        case .map(let kind):
            guard case .object(let members) = value else { return expect(false, "an object") }
            return members.sorted { $0.key < $1.key }.flatMap { problems(in: $1, kind, at: "\(path).\($0)") }
        }
    }

    /// The value as it may be shown: a secret only by its kind.
    private static func shown(_ value: ConfigurationValue, _ kind: Kind) -> String {
        if case .secret = kind { return value.text?.isEmpty == true ? "an empty one" : value.kind }
        switch value {
        case .text(let text): return "\"\(text)\""
        case .number(let number): return Int(exactly: number).map(String.init) ?? "\(number)"
        case .flag(let flag): return "\(flag)"
        default: return value.kind
        }
    }
}
