/// Codes of `print_error`. Source: Bambu Studio DevHMS; bambuddy bambu_mqtt.py:3872.
package enum PrintError {
    /// What a printer reports once a user has cancelled its job: 0300_400C and 0500_400E.
    static let cancelled: Set<UInt32> = [0x0300_400C, 0x0500_400E]

    /// What a value of `print_error` stands for: 0 where there is no error. A low half below 0x4000 is a state and no error.
    static func error(_ value: UInt32) -> UInt32 {
        value & 0xFFFF < 0x4000 ? 0 : value
    }

    /// The code as the printer's screen and the wiki write it, such as `1200_8006`.
    package static func text(of code: UInt32) -> String {
        Hexadecimal.text(code >> 16, digits: 4) + "_" + Hexadecimal.text(code & 0xFFFF, digits: 4)
    }
}

/// Numbers in hexadecimal digits.
enum Hexadecimal {
    /// In capitals.
    static func text(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
