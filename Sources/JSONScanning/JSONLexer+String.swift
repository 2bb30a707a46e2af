// Strings are the largest part of a report, and finding their ends takes most of the time.

extension JSONLexer {
    /// Reads a string whose opening quote is the next byte.
    @inline(__always)
    mutating func readString() throws(ScanError) -> Text {
        position &+= 1
        let start = position
        skipPlain()
        guard position < bytes.count else { throw .endOfText }
        if bytes[position] == UInt8(ascii: "\"") {
            position &+= 1
            return Text(bytes: bytes.extracting(start..<position &- 1), hasEscapes: false)
        }
        return try readEscapedString(from: start)
    }

    /// Reads the rest of a string, from a backslash or if fewer than eight bytes are left.
    private mutating func readEscapedString(from start: Int) throws(ScanError) -> Text {
        var hasEscapes = false
        while true {
            guard position < bytes.count else { throw .endOfText }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return Text(bytes: bytes.extracting(start..<position - 1), hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try readEscape()
                skipPlain()
            } else {
                position += 1
            }
        }
    }

    /// Skips blocks of eight bytes that contain neither a quote nor a backslash.
    @inline(__always)
    private mutating func skipPlain() {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
        while position <= bytes.count &- 8 {
            let word = KeyPattern.word(base, position)
            let found =
                ShortString.places(of: UInt8(ascii: "\""), in: word)
                | ShortString.places(of: UInt8(ascii: "\\"), in: word)
            if found != 0 {
                position &+= found.trailingZeroBitCount / 8
                return
            }
            position &+= 8
        }
    }

    private mutating func readEscape() throws(ScanError) {
        position += 1
        guard position < bytes.count else { throw .endOfText }
        switch bytes[position] {
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard position < bytes.count else { throw .endOfText }
                guard Text.hexDigit(bytes[position]) != nil else { throw unexpected() }
                position += 1
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default:
            throw unexpected()
        }
    }

    /// Returns the string at the current position, if it has fewer than 16 bytes, without reading it.
    @inline(__always)
    func shortString() -> ShortString? {
        let start = position &+ 1
        guard start &+ ShortString.width <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) else {
            return nil
        }
        return ShortString(endingAtQuoteIn: KeyPattern.word(base, start), KeyPattern.word(base, start &+ 8))
    }
}
