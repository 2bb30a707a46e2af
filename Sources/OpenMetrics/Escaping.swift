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

    /// Whether a label value stands for itself, to the last byte.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // No early end: so the compiler looks at many bytes at once.
        var odd: UInt8 = 0
        for byte in bytes {
            let isQuote = byte == UInt8(ascii: "\"")
            let isSlash = byte == UInt8(ascii: "\\")
            let isFeed = byte == UInt8(ascii: "\n")
            odd |= (isQuote ? 1 : 0) | (isSlash ? 1 : 0) | (isFeed ? 1 : 0)
        }
        return odd == 0
    }

    /// Appends a label value; a Swift string is always UTF-8, so nothing else can go wrong.
    static func appendLabelValue(_ value: String, to bytes: inout [UInt8]) {
        var value = value
        let isPlain = value.withUTF8 { utf8 in
            let isPlain = Self.isPlain(utf8)
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
