/// Collects bits into bytes, most significant bit first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count = 0

    /// Appends the lowest `length` bits of `value`; `length` is at most 32.
    mutating func bits(_ value: Int, _ length: Int) {
        pending = pending << UInt64(length) | UInt64(truncatingIfNeeded: value) & ((1 << UInt64(length)) - 1)
        count += length
        while count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt64(count)))
        }
    }

    /// Appends an unsigned Exp-Golomb code. Source: ITU-T H.264, 9.1.
    mutating func code(_ value: Int) {
        let length = Int.bitWidth - (value + 1).leadingZeroBitCount
        bits(0, length - 1)
        bits(value + 1, length)
    }

    mutating func signedCode(_ value: Int) {
        code(value > 0 ? 2 * value - 1 : -2 * value)
    }

    /// Pads the last byte with `bit`.
    mutating func fill(with bit: Int) {
        while count > 0 { bits(bit, 1) }
    }
}
