/// The bytes of a key in JSON text, with its quotes and the colon, as four words and their masks.
///
/// A key of more than 32 bytes matches nothing.
@usableFromInline
struct KeyPattern: Sendable {
    /// The number of bytes that are compared.
    @usableFromInline static var width: Int { 32 }

    /// The number of bytes of the key with its quotes and the colon.
    @usableFromInline private(set) var count = 0
    /// Whether the value is read.
    @usableFromInline let isRead: Bool
    @usableFromInline private(set) var words: (UInt64, UInt64, UInt64, UInt64) = (1, 0, 0, 0)
    @usableFromInline private(set) var masks: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(_ name: String, isRead: Bool) {
        self.isRead = isRead
        let bytes = Array("\"\(name)\":".utf8)
        guard bytes.count <= Self.width else { return }
        count = bytes.count
        func word(_ index: Int, _ byte: (Int) -> UInt8) -> UInt64 {
            (0..<8).reversed().reduce(0) { word, place in
                let place = index * 8 + place
                return word << 8 | (place < bytes.count ? UInt64(byte(place)) : 0)
            }
        }
        words = (word(0) { bytes[$0] }, word(1) { bytes[$0] }, word(2) { bytes[$0] }, word(3) { bytes[$0] })
        masks = (word(0) { _ in 0xFF }, word(1) { _ in 0xFF }, word(2) { _ in 0xFF }, word(3) { _ in 0xFF })
    }

    /// Whether the key is at `offset`, after which at least 32 bytes must follow.
    @inlinable
    @inline(__always)
    func matches(_ base: UnsafeRawPointer, _ offset: Int) -> Bool {
        let first = (Self.word(base, offset) & masks.0) ^ words.0
        let second = (Self.word(base, offset &+ 8) & masks.1) ^ words.1
        guard first | second == 0 else { return false }
        if count <= 16 { return true }
        let third = (Self.word(base, offset &+ 16) & masks.2) ^ words.2
        let fourth = (Self.word(base, offset &+ 24) & masks.3) ^ words.3
        return third | fourth == 0
    }

    @inlinable
    @inline(__always)
    static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
