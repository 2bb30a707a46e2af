import Glibc

/// Parses numbers by JSON's grammar.
enum NumberText {
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    /// Reads the number at `position` and moves `position` behind it; `nil` if there is no number. A number beyond the
    /// range of `Double` is infinite.
    @inline(__always)
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Double? {
        let start = position
        if let integer = readInteger(bytes, &position) {
            // An integer zero has no sign.
            return integer == 0 && bytes[start] == UInt8(ascii: "-") ? -0.0 : Double(integer)
        }
        position = start
        return readMore(bytes, &position)
    }

    /// Reads the number at `position` and moves `position` behind it, if it is an integer of at most 15 digits without
    /// an exponent; otherwise returns `nil`.
    @inline(__always)
    static func readInteger(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        let first = position
        var magnitude: UInt64 = 0
        readDigits(bytes, &position, &magnitude)
        let count = position &- first
        // A leading zero must be the only digit.
        if count == 0 || count > 15 || count > 1 && bytes[first] == UInt8(ascii: "0") { return nil }
        let next = position < bytes.count ? bytes[position] : 0
        if next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") { return nil }
        return isNegative ? -Int(magnitude) : Int(magnitude)
    }

    /// Reads a number with a fraction, with an exponent or with many digits.
    @inline(never)
    private static func readMore(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Double? {
        let start = position
        let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let first = position
        var mantissa: UInt64 = 0
        readDigits(bytes, &position, &mantissa)
        if position == first { return nil }
        // A leading zero must be the only digit.
        if position - first > 1, bytes[first] == UInt8(ascii: "0") { return nil }
        var digits = position - first
        var fraction = 0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            let first = position
            readDigits(bytes, &position, &mantissa)
            fraction = position - first
            if fraction == 0 { return nil }
            digits += fraction
        }
        var hasExponent = false
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            hasExponent = true
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                position += 1
            }
            let first = position
            var exponent: UInt64 = 0
            readDigits(bytes, &position, &exponent)
            if position == first { return nil }
        }
        // Integers of up to 15 digits and powers of ten up to 15 are exact, so their quotient is rounded correctly.
        if !hasExponent, digits <= 15, fraction < powers.count {
            let magnitude = Double(mantissa) / powers[fraction]
            return isNegative ? -magnitude : magnitude
        }
        return slow(bytes[start..<position])
    }

    /// Reads digits, possibly zero of them. With more than 19 digits the value is wrong, but does not trap.
    @inline(__always)
    private static func readDigits(
        _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ value: inout UInt64
    ) {
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            value = value &* 10 &+ UInt64(digit)
            position += 1
        }
    }

    /// Calls `strtod` on a copy that ends where the number ends.
    private static func slow(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
        // A longer number is treated as out of range.
        guard bytes.count <= 400 else { return .infinity }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[bytes.count] = 0
            return copy.baseAddress.map { strtod($0, nil) }
        }
    }
}
