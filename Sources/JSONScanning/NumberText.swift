import Glibc

/// Reads a number by JSON's grammar.
enum NumberText {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// The number at `position`, which is left behind it. `nil` where there is none. Beyond the range of `Double` it
    /// is infinite.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Double? {
        let start = position
        let isNegative = accept("-", bytes, &position)
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        guard let whole = readDigits(bytes, &position, &mantissa, &digits) else { return nil }
        // A leading zero stands alone.
        if whole.first == UInt8(ascii: "0"), whole.count > 1 { return nil }
        if accept(".", bytes, &position) {
            guard let part = readDigits(bytes, &position, &mantissa, &digits) else { return nil }
            fraction = part.count
        }
        var hasExponent = false
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            hasExponent = true
            position += 1
            if !accept("-", bytes, &position) { _ = accept("+", bytes, &position) }
            var exponent: UInt64 = 0
            var count = 0
            guard readDigits(bytes, &position, &exponent, &count) != nil else { return nil }
        }
        // Up to 15 digits and powers of ten up to 15 are exact, and so is their quotient's rounding.
        if !hasExponent, digits <= 15, fraction < powers.count {
            let magnitude = fraction == 0 ? Double(mantissa) : Double(mantissa) / powers[fraction]
            return isNegative ? -magnitude : magnitude
        }
        return slow(bytes[start..<position])
    }

    private static func accept(
        _ wanted: Unicode.Scalar, _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
    ) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    /// Reads one digit or more; the value is right as long as `digits` stays at 18 or below.
    private static func readDigits(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ value: inout UInt64, _ digits: inout Int
    ) -> Slice<UnsafeBufferPointer<UInt8>>? {
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            if digits < 18 { value = value * 10 + UInt64(digit) }
            digits += 1
            position += 1
        }
        return position > start ? bytes[start..<position] : nil
    }

    /// `strtod`, on a copy that ends where the number ends.
    private static func slow(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
        // A number of a kilobyte tells nothing that 400 digits do not.
        guard bytes.count <= 400 else { return .infinity }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[bytes.count] = 0
            return copy.baseAddress.map { strtod($0, nil) }
        }
    }
}
