import JSONScanning

/// The members of a JSON object whose values are texts or numbers. Other values are only known to exist.
struct JSONMembers {
    private enum Value {
        case text(String), number(Double), other
    }

    /// By key. A `null` is absent, and the last of several members with the same key counts.
    private var values: [String: Value] = [:]

    /// Reads a JSON object; `nil` if the bytes are not exactly one.
    init?(_ bytes: [UInt8]) {
        let isRead = bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            return (try? read(&scanner)) != nil
        }
        if !isRead { return nil }
    }

    private mutating func read(_ scanner: inout JSONScanner) throws(ScanError) {
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            values[key.decoded] =
                switch try scanner.scalar() {
                case .null: nil
                case .string(let text): .text(text.decoded)
                case .number(let number): .number(number)
                case .bool, .container: .other
                }
        }
        try scanner.end()
    }

    /// A member that is a text; `nil` for any other.
    func text(_ key: String) -> String? {
        if case .text(let text) = values[key] { text } else { nil }
    }

    /// A member that is a number; `nil` for any other.
    func number(_ key: String) -> Double? {
        if case .number(let number) = values[key] { number } else { nil }
    }

    /// Whether there is a member that is not null.
    func has(_ key: String) -> Bool { values[key] != nil }
}
