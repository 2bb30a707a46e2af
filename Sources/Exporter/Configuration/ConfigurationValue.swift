import FoundationEssentials
import Reactor

/// A configuration file as a tree, decoded by Foundation from JSON5.
indirect enum ConfigurationValue: Decodable, Equatable, Sendable {
    case object([String: ConfigurationValue])
    case array([ConfigurationValue])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            var members: [String: ConfigurationValue] = [:]
            for key in object.allKeys { members[key.stringValue] = try object.decode(Self.self, forKey: key) }
            self = .object(members)
        } else if var array = try? decoder.unkeyedContainer() {
            var elements: [ConfigurationValue] = []
            while !array.isAtEnd { elements.append(try array.decode(Self.self)) }
            self = .array(elements)
        } else {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else {
                self = .text(try value.decode(String.self))
            }
        }
    }

    /// A member of an object; `nil` if it is absent or `null`.
    subscript(key: String) -> ConfigurationValue? {
        guard case .object(let members) = self, let member = members[key], member != .null else { return nil }
        return member
    }

    var members: [String: ConfigurationValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var flag: Bool? {
        if case .flag(let flag) = self { flag } else { nil }
    }

    var integer: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }

    var duration: Duration? { text.flatMap(DurationText.parse) }

    /// The value as shown in errors.
    var shown: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .flag(let flag): "\(flag)"
        default: kind
        }
    }

    /// The type of the value as shown in errors.
    var kind: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .text: "a string"
        case .number: "a number"
        case .flag: "true or false"
        case .null: "null"
        }
    }
}

extension JSON5Outline {
    /// Decodes the text into a tree.
    ///
    /// Foundation's decoder traps on some invalid texts, such as `1e+`: only texts with an outline are passed to it.
    func tree() throws -> ConfigurationValue {
        try Self.decode(source)
    }

    /// The line of the first token that the decoder rejects, since its errors contain no line.
    var refusedLine: Int? {
        tokens.first { token in
            (try? Self.decode(token.isKey ? "{\(token.text):0}" : token.text)) == nil
        }?.line
    }

    private static func decode(_ text: String) throws -> ConfigurationValue {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        // The line feed avoids a trap of the decoder: a number whose dot is the last character, which is valid JSON5.
        return try decoder.decode(ConfigurationValue.self, from: Data((text + "\n").utf8))
    }
}
