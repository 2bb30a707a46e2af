/// What stands for the bytes of a value: two that differ have different ones, all but surely.
package struct ValueDigest: Sendable, Equatable {
    let count: Int
    private let hash: UInt64

    init(_ slice: Slice<UnsafeRawBufferPointer>) {
        let bytes = UnsafeRawBufferPointer(rebasing: slice)
        count = bytes.count
        // Four chains, so that one multiplication need not wait for the other.
        var first: UInt64 = 0x9E37_79B9_7F4A_7C15
        var second: UInt64 = 0xD6E8_FEB8_6659_FD93
        var third: UInt64 = 0xA24B_AED4_963E_E407
        var fourth: UInt64 = 0x9FB2_1C65_1E98_DF25
        var index = 0
        while index <= bytes.count &- 32 {
            first = Self.mix(first, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            second = Self.mix(second, bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self))
            third = Self.mix(third, bytes.loadUnaligned(fromByteOffset: index &+ 16, as: UInt64.self))
            fourth = Self.mix(fourth, bytes.loadUnaligned(fromByteOffset: index &+ 24, as: UInt64.self))
            index &+= 32
        }
        for byte in bytes[index...] { first = Self.mix(first, UInt64(byte)) }
        hash = Self.mix(Self.mix(first, second), Self.mix(third, fourth))
    }

    /// Both halves of the product, so that every bit of the word reaches every bit of the result.
    @inline(__always)
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low ^ state.byteSwapped
    }
}
