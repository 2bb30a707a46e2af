// A printer writes the keys of an object in a fixed order, so the key after the last one in the index is tried first.

extension JSONScanner {
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
        let start = isFirst ? lexer.position : lexer.position &+ 1
        guard start &+ KeyPattern.width <= lexer.bytes.count, let base = UnsafeRawPointer(lexer.bytes.baseAddress),
            pattern.matches(base, start), isFirst || lexer.bytes[lexer.position] == UInt8(ascii: ",")
        else { return false }
        lexer.position = start &+ pattern.count
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
        guard try lexer.nextByte() == UInt8(ascii: "\"") else { throw lexer.unexpected() }
        if let string = lexer.shortString() {
            // A key with an escape must be decoded before it is looked up.
            let place = index[short: string]
            if place != nil || !string.hasBackslash {
                lexer.position &+= string.count &+ 2
                try readColon()
                return place
            }
        }
        let text = try lexer.readString()
        try readColon()
        return index[text]
    }
}
