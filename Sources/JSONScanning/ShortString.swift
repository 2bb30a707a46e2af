/// A string of at most 16 bytes in two words, padded with zeros, or the lookup key of a longer one.
struct ShortString: Equatable {
    /// The number of bytes up to which the whole string is stored.
    static let width = 16

    private(set) var head: UInt64 = 0
    private(set) var tail: UInt64 = 0
    private(set) var count = 0

    init() {}

    /// The bytes before the first quote in two words; `nil` if they contain no quote.
    @inline(__always)
    init?(endingAtQuoteIn first: UInt64, _ second: UInt64) {
        let firstQuote = Self.places(of: UInt8(ascii: "\""), in: first)
        if firstQuote != 0 {
            count = firstQuote.trailingZeroBitCount / 8
            // Keeps the bits below the lowest bit of the quote's byte.
            head = first & ((firstQuote & (0 &- firstQuote)) >> 7 &- 1)
            return
        }
        let secondQuote = Self.places(of: UInt8(ascii: "\""), in: second)
        if secondQuote == 0 { return nil }
        count = 8 &+ secondQuote.trailingZeroBitCount / 8
        head = first
        tail = second & ((secondQuote & (0 &- secondQuote)) >> 7 &- 1)
    }

    /// The first and the last eight bytes of a longer string.
    init(gistOf bytes: UnsafeBufferPointer<UInt8>) {
        count = bytes.count
        if count > Self.width, let base = UnsafeRawPointer(bytes.baseAddress) {
            head = KeyPattern.word(base, 0)
            tail = KeyPattern.word(base, count - 8)
        } else {
            for byte in bytes.prefix(8).reversed() { head = head << 8 | UInt64(byte) }
            for byte in bytes.dropFirst(8).reversed() { tail = tail << 8 | UInt64(byte) }
        }
    }

    /// A hash, which differs for most strings.
    @inline(__always) var mixed: Int {
        let mixed = (head ^ (tail &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    /// Whether the string contains a backslash.
    @inline(__always) var hasBackslash: Bool {
        Self.places(of: UInt8(ascii: "\\"), in: head) | Self.places(of: UInt8(ascii: "\\"), in: tail) != 0
    }

    /// The string, if it is printable ASCII without a backslash, which Swift stores inline; otherwise `nil`.
    @inline(__always) var plain: String? {
        guard count < Self.width, !hasBackslash, Self.isPrintable(head, min(count, 8)),
            Self.isPrintable(tail, max(count, 8) &- 8)
        else { return nil }
        return String(unsafeUninitializedCapacity: Self.width - 1) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            bytes.storeBytes(of: head.littleEndian, as: UInt64.self)
            // The last byte of the second word is not part of the string.
            for place in 8..<Self.width - 1 { bytes[place] = UInt8(truncatingIfNeeded: tail >> UInt64(place * 8 - 64)) }
            return count
        }
    }

    /// Whether the lowest `count` bytes of a word are from 0x20 to 0x7E. The other bytes must be zero.
    @inline(__always)
    private static func isPrintable(_ word: UInt64, _ count: Int) -> Bool {
        let spaces = 0x2020_2020_2020_2020 << UInt64(count * 8) | word
        return (spaces | spaces &- 0x2020_2020_2020_2020 | spaces &+ ones) & (ones << 7) == 0
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }

    /// A word whose lowest set bit is the highest bit of the first `byte` in `word`; 0 if `word` does not contain it.
    @inline(__always)
    static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
        // A byte here is zero if it equals `byte`. The borrow marks zero bytes, the lowest of them exactly.
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & (ones << 7)
    }
}
