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

    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline var position = 0
    private var depth = 0
    private let depthLimit: Int
    /// Whether the innermost open container has had no member so far.
    @usableFromInline var isFirst = false

    /// Creates a scanner over `bytes`, which must stay valid and in place while the scanner and its results are used.
    package init(_ bytes: UnsafeRawBufferPointer, depthLimit: Int = 64) {
        self.bytes = bytes.bindMemory(to: UInt8.self)
        self.depthLimit = depthLimit
    }

    /// The position of the scanner, in bytes from the start.
    package var offset: Int { position }

    /// The kind of the next value.
    package mutating func peek() throws(ScanError) -> Kind {
        switch try nextByte() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): isWord("nan") ? .number : .null
        default: .number
        }
    }

    /// The digest of the bytes from `start`, a former `offset`, to the current position.
    package func digest(from start: Int) -> ValueDigest {
        ValueDigest(UnsafeRawBufferPointer(bytes)[min(start, position)..<position])
    }

    /// Skips the next value if `digest` was made of the same bytes; otherwise reads nothing.
    ///
    /// - Returns: whether the value was skipped.
    package mutating func skip(_ digest: ValueDigest) throws(ScanError) -> Bool {
        _ = try nextByte()
        guard digest.count <= bytes.count - position else { return false }
        let end = position + digest.count
        guard ValueDigest(UnsafeRawBufferPointer(bytes)[position..<end]) == digest else { return false }
        position = end
        return true
    }

    package mutating func beginObject() throws(ScanError) {
        try open(UInt8(ascii: "{"))
    }

    /// Reads the next key of the innermost open object; `nil` at its end, which closes it.
    package mutating func nextKey() throws(ScanError) -> Text? {
        guard try nextMember(close: UInt8(ascii: "}")) else { return nil }
        guard try nextByte() == UInt8(ascii: "\"") else { throw unexpected() }
        let text = try readString()
        try readColon()
        return text
    }

    /// Begins an object if the next value is one; otherwise reads nothing.
    ///
    /// - Returns: whether an object was begun.
    package mutating func openObject() throws(ScanError) -> Bool {
        guard try nextByte() == UInt8(ascii: "{") else { return false }
        try open(UInt8(ascii: "{"))
        return true
    }

    /// Reads up to the next key of the innermost open object that is in `index`, so that its value is next.
    ///
    /// Members that are not in `index` are skipped.
    ///
    /// - Parameters:
    ///   - place: the place of the key before, or -1. The key after it in the index is tried first.
    ///   - count: increased by the number of members that were read or skipped.
    /// - Returns: the place of the key in `index`; `nil` at the object's end, which closes it.
    @inlinable
    @inline(__always)
    public mutating func nextKey(
        in index: KeyIndex, after place: Int, count: inout Int
    ) throws(ScanError) -> Int? {
        let next = place &+ 1
        if next < index.patterns.count, takeKey(index.patterns[next]) {
            count &+= 1
            if index.patterns[next].isRead { return next }
            try skip()
            return try nextOther(in: index, after: next, count: &count)
        }
        // The key at that place was tried already.
        return try nextOther(in: index, after: index.patterns.count, count: &count)
    }

    /// Reads the next key of the innermost open object and its colon, if they match `pattern` without white space.
    ///
    /// Otherwise, and if fewer bytes are left than are compared, it reads nothing.
    ///
    /// - Returns: whether the key was read.
    @inlinable
    @inline(__always)
    mutating func takeKey(_ pattern: KeyPattern) -> Bool {
        let start = isFirst ? position : position &+ 1
        guard start &+ KeyPattern.width <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress),
            pattern.matches(base, start), isFirst || bytes[position] == UInt8(ascii: ",")
        else { return false }
        position = start &+ pattern.count
        isFirst = false
        return true
    }

    /// Continues `nextKey(in:after:count:)` if the next key is not the one that was tried first, or follows an unread
    /// one.
    @usableFromInline
    mutating func nextOther(in index: KeyIndex, after place: Int, count: inout Int) throws(ScanError) -> Int? {
        var place = place
        while true {
            if place &+ 1 < index.patterns.count, takeKey(index.patterns[place &+ 1]) {
                place &+= 1
            } else {
                guard try nextMember(close: UInt8(ascii: "}")) else { return nil }
                // After a key that is not in the index, the next key cannot be predicted.
                place = try readKey(in: index) ?? index.patterns.count
            }
            count &+= 1
            if place < index.patterns.count, index.patterns[place].isRead { return place }
            try skip()
        }
    }

    /// Reads a key and its colon.
    ///
    /// - Returns: the place of the key in `index`; `nil` if it is not there.
    @inline(__always)
    private mutating func readKey(in index: KeyIndex) throws(ScanError) -> Int? {
        guard try nextByte() == UInt8(ascii: "\"") else { throw unexpected() }
        if let string = shortString() {
            // A key with an escape must be decoded before it is looked up.
            let place = index[short: string]
            if place != nil || !string.hasBackslash {
                position &+= string.count &+ 2
                try readColon()
                return place
            }
        }
        let text = try readString()
        try readColon()
        return index[text]
    }

    /// Returns the string at the current position, if it has fewer than 16 bytes, without reading it.
    @inline(__always)
    private func shortString() -> ShortString? {
        let start = position &+ 1
        guard start &+ ShortString.width <= bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) else {
            return nil
        }
        return ShortString(endingAtQuoteIn: KeyPattern.word(base, start), KeyPattern.word(base, start &+ 8))
    }

    /// Reads the next value if it is a string of fewer than 16 bytes of printable ASCII without escapes; otherwise
    /// returns `nil` and reads nothing.
    package mutating func shortText() throws(ScanError) -> String? {
        guard try nextByte() == UInt8(ascii: "\""), let string = shortString(), let text = string.plain else {
            return nil
        }
        position &+= string.count &+ 2
        return text
    }

    @inline(__always)
    private mutating func readColon() throws(ScanError) {
        guard try nextByte() == UInt8(ascii: ":") else { throw unexpected() }
        position &+= 1
    }

    package mutating func beginArray() throws(ScanError) {
        try open(UInt8(ascii: "["))
    }

    /// Begins an array if the next value is one; otherwise reads nothing.
    ///
    /// - Returns: whether an array was begun.
    package mutating func openArray() throws(ScanError) -> Bool {
        guard try nextByte() == UInt8(ascii: "[") else { return false }
        try open(UInt8(ascii: "["))
        return true
    }

    /// Returns whether the innermost open array has a further element. If not, the array is closed.
    package mutating func nextElement() throws(ScanError) -> Bool {
        try nextMember(close: UInt8(ascii: "]"))
    }

    /// Reads the next value. An object or array is skipped.
    package mutating func scalar() throws(ScanError) -> Scalar {
        switch try nextByte() {
        case UInt8(ascii: "\""):
            return .string(try readString())
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skip()
            return .container
        case UInt8(ascii: "t"):
            try readWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try readWord("false")
            return .bool(false)
        case UInt8(ascii: "n") where !isWord("nan"):
            try readWord("null")
            return .null
        default:
            return .number(try readNumber())
        }
    }

    /// Reads the next value if it is a number in digits, or a string that contains only a finite number; otherwise
    /// returns `nil` and reads nothing.
    package mutating func number() throws(ScanError) -> Double? {
        let first = try nextByte()
        let start = position
        if first == UInt8(ascii: "\"") {
            position &+= 1
            if let number = NumberText.read(bytes, &position), number.isFinite, isAtQuote {
                position &+= 1
                return number
            }
        } else if first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") {
            if let number = NumberText.read(bytes, &position) { return number }
        }
        position = start
        return nil
    }

    /// Reads the next value if it is an integer of at most 15 digits, or a string that contains only such a number;
    /// otherwise returns `nil` and reads nothing.
    package mutating func integer() throws(ScanError) -> Int? {
        let first = try nextByte()
        let start = position
        let isQuoted = first == UInt8(ascii: "\"")
        if isQuoted { position &+= 1 }
        if let integer = NumberText.readInteger(bytes, &position), !isQuoted || isAtQuote {
            if isQuoted { position &+= 1 }
            return integer
        }
        position = start
        return nil
    }

    private var isAtQuote: Bool {
        @inline(__always) get { position < bytes.count && bytes[position] == UInt8(ascii: "\"") }
    }

    /// Reads the next value if it is a string; otherwise returns `nil` and reads nothing.
    package mutating func text() throws(ScanError) -> Text? {
        guard try nextByte() == UInt8(ascii: "\"") else { return nil }
        return try readString()
    }

    /// Skips the next value of any kind. It must be valid JSON too.
    @usableFromInline
    package mutating func skip() throws(ScanError) {
        let first = try nextByte()
        if first == UInt8(ascii: "\"") {
            try skipString()
        } else if first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") {
            let start = position
            if NumberText.readInteger(bytes, &position) == nil {
                position = start
                _ = try readNumber()
            }
        } else if first == UInt8(ascii: "{") {
            try beginObject()
            while try nextMember(close: UInt8(ascii: "}")) {
                guard try nextByte() == UInt8(ascii: "\"") else { throw unexpected() }
                try skipString()
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

    @inline(__always)
    private mutating func skipString() throws(ScanError) {
        if let string = shortString(), !string.hasBackslash {
            position &+= string.count &+ 2
        } else {
            _ = try readString()
        }
    }

    /// Throws an error if anything but white space follows.
    package mutating func end() throws(ScanError) {
        skipSpace()
        if position < bytes.count { throw .trailing(offset: position) }
    }

    @inline(__always)
    private mutating func open(_ bracket: UInt8) throws(ScanError) {
        guard try nextByte() == bracket else { throw unexpected() }
        depth += 1
        if depth > depthLimit { throw .tooDeep(offset: position) }
        position += 1
        isFirst = true
    }

    @inline(__always)
    private mutating func nextMember(close: UInt8) throws(ScanError) -> Bool {
        let byte = try nextByte()
        if byte == close {
            position += 1
            depth -= 1
            // The closed container was a member of its parent.
            isFirst = false
            return false
        }
        if !isFirst {
            guard byte == UInt8(ascii: ",") else { throw unexpected() }
            position += 1
        }
        isFirst = false
        return true
    }

    /// Skips white space and returns the byte after it, without reading that byte.
    @inline(__always)
    private mutating func nextByte() throws(ScanError) -> UInt8 {
        // Printers send little white space or none.
        if position < bytes.count, bytes[position] > 0x20 { return bytes[position] }
        return try nextByteBehindSpace()
    }

    private mutating func nextByteBehindSpace() throws(ScanError) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw .endOfText }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func unexpected() -> ScanError {
        position < bytes.count ? .unexpected(byte: bytes[position], offset: position) : .endOfText
    }

    private mutating func readNumber() throws(ScanError) -> Double {
        let start = position
        if let number = NumberText.read(bytes, &position) { return number }
        position = start
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        for (word, value) in [("nan", Double.nan), ("infinity", .infinity), ("inf", .infinity)] where isWord(word) {
            position += word.utf8.count
            return isNegative ? -value : value
        }
        throw unexpected()
    }

    private mutating func readWord(_ word: StaticString) throws(ScanError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count else { throw .endOfText }
            guard bytes[position] == word.utf8Start[index] else { throw unexpected() }
            position += 1
        }
    }

    /// Whether the letters at the position are `word`, in any case.
    private func isWord(_ word: String) -> Bool {
        let word = word.utf8
        guard bytes.count - position >= word.count else { return false }
        return zip(word, bytes[position...]).allSatisfy { $0 == $1 | 0x20 }
    }
}
