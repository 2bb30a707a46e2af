/// Escapes texts for the exposition formats.
enum Escaping {
    /// Escapes a HELP text: backslash and line feed in both formats, quotes only in OpenMetrics.
    static func help(_ text: String, quotes: Bool) -> String {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            if let letter = letter(for: byte), quotes || byte != UInt8(ascii: "\"") {
                escaped += [UInt8(ascii: "\\"), letter]
            } else {
                escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// Whether a label value needs no escaping. A Swift string is always valid UTF-8, so nothing else does.
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

    /// The character after the backslash for a byte that must be escaped; `nil` for any other byte.
    static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): byte
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        default: nil
        }
    }
}
