/// Header fields in order, looked up by name without regard to case.
///
/// Fields are safe to send: a field whose name is not a token is dropped, and control characters in a value are
/// replaced by spaces, so that a value cannot start a new line.
package struct Headers: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        /// The name as received or written.
        package let name: String
        /// The value; surrounding whitespace is removed from received fields.
        package let value: String
    }

    package private(set) var fields: [Field] = []

    package init() {}

    /// Appends a field, even if there is already one with this name.
    package mutating func append(_ name: String, _ value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isTokenCharacter }) else { return }
        fields.append(Field(name: name, value: Self.cleaned(value)))
    }

    /// The values of all fields named `name`, in order.
    package func values(of name: String) -> [String] {
        fields.compactMap { Self.areEqual($0.name, name) ? $0.value : nil }
    }

    /// The value of the field named `name`; several values are joined with commas (RFC 9110, section 5.2).
    package subscript(name: String) -> String? {
        let values = values(of: name)
        return values.count > 1 ? values.joined(separator: ", ") : values.first
    }

    /// Whether the comma-separated list in the field named `name` contains `token`.
    package func list(_ name: String, contains token: String) -> Bool {
        values(of: name).contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { Self.areEqual(String($0.trimmed) ?? "", token) }
        }
    }

    private static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && left.utf8.elementsEqual(right.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    private static func cleaned(_ value: String) -> String {
        guard value.utf8.contains(where: { $0.isControl && $0 != .tab }) else { return value }
        return String(decoding: value.utf8.map { $0.isControl ? .space : $0 }, as: UTF8.self)
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }
}
