/// A JSON value as the bytes it was written with, so that it can be cut out and sent on unchanged.
///
/// Lenient: what is no JSON has no members and no elements.
package struct JSONSlice: Sendable {
    package let bytes: ArraySlice<UInt8>

    package init(_ bytes: some Sequence<UInt8>) {
        self.init(slice: ArraySlice(bytes))
    }

    private init(slice: ArraySlice<UInt8>) {
        let blank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let start = slice.firstIndex { !blank($0) } ?? slice.endIndex
        let end = slice.lastIndex { !blank($0) }.map { $0 + 1 } ?? start
        bytes = slice[start..<max(start, end)]
    }

    package var isObject: Bool { bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}") }
    package var isArray: Bool { bytes.first == UInt8(ascii: "[") && bytes.last == UInt8(ascii: "]") }

    /// The elements of an array.
    package var elements: [JSONSlice] {
        isArray ? parts.map(JSONSlice.init(slice:)) : []
    }

    /// The members of an object, in order.
    package var members: [(name: String, value: JSONSlice)] {
        guard isObject else { return [] }
        return parts.compactMap { part in
            guard let colon = Self.end(of: part, at: UInt8(ascii: ":")), colon < part.endIndex else { return nil }
            guard let name = JSONSlice(slice: part[..<colon]).text else { return nil }
            return (name, JSONSlice(slice: part[(colon + 1)...]))
        }
    }

    package func member(_ name: String) -> JSONSlice? {
        members.first { $0.name == name }?.value
    }

    /// The text of a string, with its escapes left as they are, or of a number.
    package var text: String? {
        guard let first = bytes.first, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
        let isString = first == UInt8(ascii: "\"") && bytes.count >= 2
        return String(decoding: isString ? bytes.dropFirst().dropLast() : bytes, as: UTF8.self)
    }

    /// `nil` for what is no number, or none that is finite.
    package var number: Double? { text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }

    /// What stands between the outer brackets, cut at the commas of that level.
    private var parts: [ArraySlice<UInt8>] {
        var found: [ArraySlice<UInt8>] = []
        var rest = JSONSlice(slice: bytes.dropFirst().dropLast()).bytes
        while !rest.isEmpty {
            guard let end = Self.end(of: rest, at: UInt8(ascii: ",")) else { return found }
            found.append(rest[..<end])
            rest = rest[min(end + 1, rest.endIndex)...]
        }
        return found
    }

    /// Where `separator` stands outside of strings and brackets, or the end; `nil` where brackets do not match.
    private static func end(of bytes: ArraySlice<UInt8>, at separator: UInt8) -> Int? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in bytes.indices {
            let byte = bytes[index]
            if isEscaped {
                isEscaped = false
            } else if isInString {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isInString = false }
            } else if byte == separator, depth == 0 {
                return index
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
            }
        }
        return depth == 0 && !isInString ? bytes.endIndex : nil
    }
}
