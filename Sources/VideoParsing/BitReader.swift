/// Reads bits and Exp-Golomb codes from the payload of a video parameter set. Source: ITU-T H.264, 7.2 and 9.1.
struct BitReader {
    /// The payload ended, or a code is longer than any valid value.
    struct Exhausted: Error {}

    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter unit: A unit without its header; its emulation prevention bytes (03) are removed.
    init(_ unit: some Sequence<UInt8>) {
        var bytes: [UInt8] = []
        var zeros = 0
        for byte in unit.prefix(Self.limit) {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// The maximum number of bytes; parameter sets have about 10 to 100.
    private static let limit = 1024

    mutating func bit() throws(Exhausted) -> Bool {
        guard position >> 3 < bytes.count else { throw Exhausted() }
        defer { position += 1 }
        return bytes[position >> 3] >> (7 - position & 7) & 1 == 1
    }

    /// Reads a number of `count` bits, at most 32.
    mutating func bits(_ count: Int) throws(Exhausted) -> Int {
        var value = 0
        for _ in 0..<min(count, 32) { value = value << 1 | (try bit() ? 1 : 0) }
        return value
    }

    mutating func skip(_ count: Int) throws(Exhausted) {
        guard count >= 0, position + count <= bytes.count * 8 else { throw Exhausted() }
        position += count
    }

    /// Reads an unsigned Exp-Golomb code.
    mutating func code() throws(Exhausted) -> Int {
        var zeros = 0
        while try !bit() {
            zeros += 1
            if zeros > 31 { throw Exhausted() }
        }
        return try bits(zeros) + (1 << zeros) - 1
    }

    /// Reads a signed Exp-Golomb code.
    mutating func signedCode() throws(Exhausted) -> Int {
        let value = try code()
        return value & 1 == 1 ? (value + 1) / 2 : -(value / 2)
    }
}
