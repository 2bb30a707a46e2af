// Character classes of RFC 9110, section 5.6, and of RFC 3986.

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    var isControl: Bool { self < 0x20 || self == 0x7F }

    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }

    /// Whether the byte may be part of a method, a field name or a parameter name.
    var isTokenCharacter: Bool { isLetter || isDigit || "!#$%&'*+-.^_`|~".utf8.contains(self) }

    /// Whether the byte may be part of a host and port; characters that only a user name may have are excluded.
    var isHostCharacter: Bool { isLetter || isDigit || ".-_:[]%~".utf8.contains(self) }

    var lowercasedASCII: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// The value of a hexadecimal digit; `nil` for any other byte.
    var hexadecimalValue: UInt8? { Character(Unicode.Scalar(self)).hexDigitValue.map { UInt8($0) } }
}

extension BidirectionalCollection<UInt8> {
    /// The bytes without spaces and tabs at either end.
    var trimmed: SubSequence {
        let isBlank = { (byte: UInt8) in byte == .space || byte == .tab }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }

    var lowercasedASCIIText: String {
        String(decoding: map(\.lowercasedASCII), as: UTF8.self)
    }
}
