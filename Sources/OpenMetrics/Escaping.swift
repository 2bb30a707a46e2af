/// How texts are written between the marks of the exposition formats.
enum Escaping {
    /// A HELP text: backslash and line feed in both formats, quotes in OpenMetrics alone.
    static func help(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// Appends a label value; a Swift string is always UTF-8, so nothing else can go wrong.
    static func appendLabelValue(_ value: String, to bytes: inout [UInt8]) {
        var value = value
        let isPlain = value.withUTF8 { utf8 in
            let isPlain = !utf8.contains { letter(for: $0) != nil }
            if isPlain { bytes.append(contentsOf: utf8) }
            return isPlain
        }
        if isPlain { return }
        for byte in value.utf8 {
            if let letter = letter(for: byte) {
                bytes += [UInt8(ascii: "\\"), letter]
            } else {
                bytes.append(byte)
            }
        }
    }

    /// What stands for a byte of a label value behind a backslash; `nil` where it stands for itself.
    static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): byte
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        default: nil
        }
    }
}
