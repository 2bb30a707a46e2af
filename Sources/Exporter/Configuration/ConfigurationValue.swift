/// A value of a configuration file.
enum ConfigurationValue: Equatable, Sendable {
    case object([String: ConfigurationValue])
    case array([ConfigurationValue])
    case text(String)
    case number(Double)
    case flag(Bool)
    case null

    /// A member of an object; `nil` if it is absent or `null`.
    subscript(key: String) -> ConfigurationValue? {
        guard case .object(let members) = self, let member = members[key], member != .null else { return nil }
        return member
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
