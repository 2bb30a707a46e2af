/// Codes of `print_error`. Source: Bambu Studio DevHMS; bambuddy bambu_mqtt.py:3872.
package enum PrintError {
    /// The errors after a user cancelled the job: 0300_400C and 0500_400E.
    static let cancelled: Set<UInt32> = [0x0300_400C, 0x0500_400E]

    /// The error in a value of `print_error`; 0 if it contains no error. A low half below 0x4000 is a state, not an
    /// error.
    static func error(_ value: UInt32) -> UInt32 {
        value & 0xFFFF < 0x4000 ? 0 : value
    }

    /// The code in the form of the printer's screen and the wiki, such as `1200_8006`.
    package static func text(of code: UInt32) -> String {
        Hexadecimal.groups(of: UInt64(code), count: 2)
    }
}

/// Formats numbers in hexadecimal.
enum Hexadecimal {
    /// The lowest `count` groups of four digits, joined by underscores, such as `1200_8006`.
    static func groups(of value: UInt64, count: Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(count * 5)
        for place in (0..<count * 4).reversed() {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(place * 4) & 0xF)
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
            if place % 4 == 0, place > 0 { text.append(UInt8(ascii: "_")) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
