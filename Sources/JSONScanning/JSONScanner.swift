/// Reads JSON text once, from left to right, and returns the values that the caller reads. The others are skipped.
///
/// A container is read by a pair of calls: `beginObject`, then `nextKey` until it returns `nil`, with one value read or
/// skipped after each key; likewise `beginArray` and `nextElement`. No tree is built and nothing is copied.
///
/// The scanner accepts more than JSON allows, because printers send it: control characters inside strings, bytes that
/// are not UTF-8, and the bare words NaN and Infinity, which are read as that number. Everything else must be JSON.
public struct JSONScanner {
    /// The kind of a value.
    package enum Kind {
        case object, array, string, number, bool, null
    }

    @usableFromInline var lexer: JSONLexer
    private var depth = 0
    private let depthLimit: Int
    /// Whether the innermost open container has had no member so far.
    @usableFromInline var isFirst = false

    /// Creates a scanner over `bytes`, which must stay valid and in place while the scanner and its results are used.
    package init(_ bytes: UnsafeRawBufferPointer, depthLimit: Int = 64) {
        lexer = JSONLexer(bytes)
        self.depthLimit = depthLimit
    }

    /// The position of the scanner, in bytes from the start.
    package var offset: Int { lexer.position }

    /// The kind of the next value.
    package mutating func peek() throws(ScanError) -> Kind {
        switch try lexer.nextByte() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): lexer.isWord("nan") ? .number : .null
        default: .number
        }
    }

    /// The digest of the bytes from `start`, a former `offset`, to the current position.
    package func digest(from start: Int) -> ValueDigest {
        ValueDigest(UnsafeRawBufferPointer(lexer.bytes)[min(start, lexer.position)..<lexer.position])
    }

    /// Skips the next value if `digest` was made of the same bytes; otherwise reads nothing.
    ///
    /// - Returns: whether the value was skipped.
    package mutating func skip(_ digest: ValueDigest) throws(ScanError) -> Bool {
        _ = try lexer.nextByte()
        guard digest.count <= lexer.bytes.count - lexer.position else { return false }
        let end = lexer.position + digest.count
        guard ValueDigest(UnsafeRawBufferPointer(lexer.bytes)[lexer.position..<end]) == digest else { return false }
        lexer.position = end
        return true
    }

    package mutating func beginObject() throws(ScanError) {
        try open(UInt8(ascii: "{"))
    }

    /// Reads the next key of the innermost open object; `nil` at its end, which closes it.
    package mutating func nextKey() throws(ScanError) -> Text? {
        guard try nextMember(close: UInt8(ascii: "}")) else { return nil }
        guard try lexer.nextByte() == UInt8(ascii: "\"") else { throw lexer.unexpected() }
        let text = try lexer.readString()
        try readColon()
        return text
    }

    /// Begins an object if the next value is one; otherwise reads nothing.
    ///
    /// - Returns: whether an object was begun.
    package mutating func openObject() throws(ScanError) -> Bool {
        guard try lexer.nextByte() == UInt8(ascii: "{") else { return false }
        try open(UInt8(ascii: "{"))
        return true
    }

    @inline(__always)
    mutating func readColon() throws(ScanError) {
        guard try lexer.nextByte() == UInt8(ascii: ":") else { throw lexer.unexpected() }
        lexer.position &+= 1
    }

    package mutating func beginArray() throws(ScanError) {
        try open(UInt8(ascii: "["))
    }

    /// Begins an array if the next value is one; otherwise reads nothing.
    ///
    /// - Returns: whether an array was begun.
    package mutating func openArray() throws(ScanError) -> Bool {
        guard try lexer.nextByte() == UInt8(ascii: "[") else { return false }
        try open(UInt8(ascii: "["))
        return true
    }

    /// Returns whether the innermost open array has a further element. If not, the array is closed.
    package mutating func nextElement() throws(ScanError) -> Bool {
        try nextMember(close: UInt8(ascii: "]"))
    }

    /// Skips the next value of any kind. It must be valid JSON too.
    @usableFromInline
    package mutating func skip() throws(ScanError) {
        let first = try lexer.nextByte()
        if first == UInt8(ascii: "\"") {
            _ = try lexer.readString()
        } else if first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") {
            let start = lexer.position
            if NumberText.readInteger(lexer.bytes, &lexer.position) == nil {
                lexer.position = start
                _ = try lexer.readNumber()
            }
        } else if first == UInt8(ascii: "{") {
            try beginObject()
            while try nextMember(close: UInt8(ascii: "}")) {
                guard try lexer.nextByte() == UInt8(ascii: "\"") else { throw lexer.unexpected() }
                _ = try lexer.readString()
                try readColon()
                try skip()
            }
        } else if first == UInt8(ascii: "[") {
            try beginArray()
            while try nextElement() { try skip() }
        } else {
            _ = try scalar()
        }
    }

    /// Throws an error if anything but white space follows.
    package mutating func end() throws(ScanError) {
        lexer.skipSpace()
        if lexer.position < lexer.bytes.count { throw .trailing(offset: lexer.position) }
    }

    @inline(__always)
    private mutating func open(_ bracket: UInt8) throws(ScanError) {
        guard try lexer.nextByte() == bracket else { throw lexer.unexpected() }
        depth += 1
        if depth > depthLimit { throw .tooDeep(offset: lexer.position) }
        lexer.position += 1
        isFirst = true
    }

    @inline(__always)
    mutating func nextMember(close: UInt8) throws(ScanError) -> Bool {
        let byte = try lexer.nextByte()
        if byte == close {
            lexer.position += 1
            depth -= 1
            // The closed container was a member of its parent.
            isFirst = false
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw lexer.unexpected() }
            lexer.position += 1
        }
        isFirst = false
        return true
    }
}
