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
        Hexadecimal.text(code >> 16, digits: 4) + "_" + Hexadecimal.text(code & 0xFFFF, digits: 4)
    }
}

/// Formats numbers in hexadecimal.
enum Hexadecimal {
    /// The number in capital digits, padded with zeros.
    static func text(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
