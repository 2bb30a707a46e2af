/// Header fields in their order, found by name in either case.
///
/// Safe to send as they are: a field whose name is no token is left out, and control characters in a value become
/// spaces, so that no value can begin a line of its own.
package struct Headers: Sendable, Equatable {
    /// One header line.
    package struct Field: Sendable, Equatable {
        /// In the case it came in or was written.
        package let name: String
        /// Without blanks at its ends, where it was received.
        package let value: String
    }

    /// All fields, duplicates included.
    package private(set) var fields: [Field] = []

    /// No fields.
    package init() {}

    /// Adds a field after the others, also where one of that name is there.
    package mutating func append(_ name: String, _ value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isTokenCharacter }) else { return }
        fields.append(Field(name: name, value: Self.cleaned(value)))
    }

    /// The values of every field called `name`, in their order.
    package func values(of name: String) -> [String] {
        fields.compactMap { Self.areEqual($0.name, name) ? $0.value : nil }
    }

    /// The value of the field called `name`; several are joined by commas (RFC 9110, section 5.2).
    package subscript(name: String) -> String? {
        let values = values(of: name)
        return values.count > 1 ? values.joined(separator: ", ") : values.first
    }

    /// Whether the comma-separated list in the field called `name` has `token` as a member.
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
    /// The fields of a literal, in its order.
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }
}
