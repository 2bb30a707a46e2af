/// The position in a JSON text, and the tokens at it: punctuation, words, numbers and strings.
///
/// Checking how the tokens follow each other is the part of `JSONScanner`.
@usableFromInline
struct JSONLexer {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes.bindMemory(to: UInt8.self)
    }

    /// Skips white space and returns the byte after it, without reading that byte.
    @inline(__always)
    mutating func nextByte() throws(ScanError) -> UInt8 {
        // Printers send little white space or none.
        if position < bytes.count, bytes[position] > 0x20 { return bytes[position] }
        return try nextByteBehindSpace()
    }

    private mutating func nextByteBehindSpace() throws(ScanError) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw .endOfText }
        return bytes[position]
    }

    mutating func skipSpace() {
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

    mutating func readWord(_ word: StaticString) throws(ScanError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count else { throw .endOfText }
            guard bytes[position] == word.utf8Start[index] else { throw unexpected() }
            position += 1
        }
    }

    /// Whether the letters at the position are `word`, in any case.
    func isWord(_ word: String) -> Bool {
        let word = word.utf8
        guard bytes.count - position >= word.count else { return false }
        return zip(word, bytes[position...]).allSatisfy { $0 == $1 | 0x20 }
    }

    mutating func readNumber() throws(ScanError) -> Double {
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
}
