extension JSONScanner {
    /// Reads the next value. An object or array is skipped.
    package mutating func scalar() throws(ScanError) -> Scalar {
        switch try lexer.nextByte() {
        case UInt8(ascii: "\""):
            return .string(try lexer.readString())
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skip()
            return .container
        case UInt8(ascii: "t"):
            try lexer.readWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try lexer.readWord("false")
            return .bool(false)
        case UInt8(ascii: "n") where !lexer.isWord("nan"):
            try lexer.readWord("null")
            return .null
        default:
            return .number(try lexer.readNumber())
        }
    }

    /// Reads the next value if it is a number in digits, or a string that contains only a finite number; otherwise
    /// returns `nil` and reads nothing.
    package mutating func number() throws(ScanError) -> Double? {
        let first = try lexer.nextByte()
        let start = lexer.position
        if first == UInt8(ascii: "\"") {
            lexer.position &+= 1
            if let number = NumberText.read(lexer.bytes, &lexer.position), number.isFinite, isAtQuote {
                lexer.position &+= 1
                return number
            }
        } else if first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") {
            if let number = NumberText.read(lexer.bytes, &lexer.position) { return number }
        }
        lexer.position = start
        return nil
    }

    /// Reads the next value if it is an integer of at most 15 digits, or a string that contains only such a number;
    /// otherwise returns `nil` and reads nothing.
    package mutating func integer() throws(ScanError) -> Int? {
        let first = try lexer.nextByte()
        let start = lexer.position
        let isQuoted = first == UInt8(ascii: "\"")
        if isQuoted { lexer.position &+= 1 }
        if let integer = NumberText.readInteger(lexer.bytes, &lexer.position), !isQuoted || isAtQuote {
            if isQuoted { lexer.position &+= 1 }
            return integer
        }
        lexer.position = start
        return nil
    }

    private var isAtQuote: Bool {
        @inline(__always) get {
            lexer.position < lexer.bytes.count && lexer.bytes[lexer.position] == UInt8(ascii: "\"")
        }
    }

    /// Reads the next value if it is a string; otherwise returns `nil` and reads nothing.
    package mutating func text() throws(ScanError) -> Text? {
        guard try lexer.nextByte() == UInt8(ascii: "\"") else { return nil }
        return try lexer.readString()
    }

    /// Reads the next value if it is a string of fewer than 16 bytes of printable ASCII without escapes; otherwise
    /// returns `nil` and reads nothing.
    package mutating func shortText() throws(ScanError) -> String? {
        guard try lexer.nextByte() == UInt8(ascii: "\""), let string = lexer.shortString(), let text = string.plain
        else {
            return nil
        }
        lexer.position &+= string.count &+ 2
        return text
    }
}
