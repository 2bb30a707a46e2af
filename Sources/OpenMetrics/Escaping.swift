/// Escapes texts for the exposition formats.
enum Escaping {
    /// Escapes a HELP text: backslash and line feed in both formats, quotes only in OpenMetrics.
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

    /// Whether a label value needs no escaping.
    static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // The loop has no early exit, so that the compiler vectorizes it.
        var odd: UInt8 = 0
        for byte in bytes {
            let isQuote = byte == UInt8(ascii: "\"")
            let isSlash = byte == UInt8(ascii: "\\")
            let isFeed = byte == UInt8(ascii: "\n")
            odd |= (isQuote ? 1 : 0) | (isSlash ? 1 : 0) | (isFeed ? 1 : 0)
        }
        return odd == 0
    }

    /// Appends an escaped label value. A Swift string is always valid UTF-8, so nothing else needs escaping.
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

    /// The character after the backslash for a byte that must be escaped; `nil` for any other byte.
    static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): byte
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        default: nil
        }
    }
}
