/// A hash of a value's bytes, which is almost certainly different for different bytes.
package struct ValueDigest: Sendable, Equatable {
    let count: Int
    private let hash: UInt64

    init(_ slice: Slice<UnsafeRawBufferPointer>) {
        let bytes = UnsafeRawBufferPointer(rebasing: slice)
        count = bytes.count
        // Two chains, so that the multiplications can run in parallel.
        var first: UInt64 = 0x9E37_79B9_7F4A_7C15
        var second: UInt64 = 0xD6E8_FEB8_6659_FD93
        var index = 0
        while index <= bytes.count &- 32 {
            first = Self.mix(
                first ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self), first)
            second = Self.mix(
                second ^ bytes.loadUnaligned(fromByteOffset: index &+ 16, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: index &+ 24, as: UInt64.self), second)
            index &+= 32
        }
        for byte in bytes[index...] { first = Self.mix(first, UInt64(byte), first) }
        hash = Self.mix(first, second, UInt64(count))
    }

    /// Combines both halves of the product of two words with the state, so that a zero factor does not hide the other
    /// factor.
    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64, _ state: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right ^ 0xE703_7ED1_A0B4_28DB)
        return (product.high ^ product.low) &+ state.byteSwapped
    }
}
