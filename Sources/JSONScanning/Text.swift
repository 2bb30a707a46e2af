import Glibc

/// The contents of a JSON string in the scanned bytes, without quotes and with escapes that are not yet decoded.
///
/// It is valid for as long as the scanned bytes are.
package struct Text {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether there is a backslash, so that the bytes must be decoded.
    let hasEscapes: Bool

    /// The string with escapes decoded. Bytes that are not UTF-8 and halves of surrogate pairs are replaced by U+FFFD.
    package var decoded: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: bytes.count) { unescape(into: $0) }
    }

    /// Whether the string equals `other`. No string is created.
    package func equals(_ other: String) -> Bool {
        if hasEscapes { return unescaped { $0.equals(other) } }
        guard other.utf8.count == bytes.count else { return false }
        guard let base = bytes.baseAddress else { return true }
        var other = other
        return other.withUTF8 { memcmp($0.baseAddress ?? base, base, bytes.count) == 0 }
    }

    /// A hash, which is almost certainly different for different texts; 0 for "".
    package var fingerprint: UInt64 {
        if hasEscapes { return unescaped { $0.fingerprint } }
        var rest = bytes
        var hash = UInt64(rest.count)
        while rest.count >= 8, let base = UnsafeRawPointer(rest.baseAddress) {
            hash = (hash ^ base.loadUnaligned(as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            rest = rest.extracting(8...)
        }
        for byte in rest { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether the string contains only zeros or is empty.
    package var isZeros: Bool { bytes.allSatisfy { $0 == UInt8(ascii: "0") } }

    /// The number of bytes between the quotes. Without escapes, this is the length of the string.
    package var count: Int { bytes.count }

    /// Whether the contents are printable ASCII without escapes and at most `limit` bytes, so that nothing must be
    /// replaced.
    package func isPlain(limit: Int) -> Bool {
        guard !hasEscapes, bytes.count <= limit else { return false }
        var isPlain = true
        for byte in bytes { isPlain = isPlain && byte &- 0x20 < 0x5F }
        return isPlain
    }

    /// The string without `suffix`, if it ends with it.
    package func dropping(suffix: String) -> Text {
        guard bytes.count >= suffix.utf8.count else { return self }
        let rest = bytes.count - suffix.utf8.count
        let end = Text(bytes: bytes.extracting(rest...), hasEscapes: false)
        return end.equals(suffix) ? Text(bytes: bytes.extracting(..<rest), hasEscapes: hasEscapes) : self
    }

    /// The number in the string, as in `"24.5"`; `nil` if the string is not exactly one JSON number.
    package var number: Double? {
        var position = 0
        guard !bytes.isEmpty, let number = NumberText.read(bytes, &position), position == bytes.count else {
            return nil
        }
        return number
    }

    /// The low 64 bits of the hexadecimal number in the string; `nil` if the string is not a hexadecimal number.
    package var hexadecimal: UInt64? {
        guard !bytes.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard let digit = Self.hexDigit(byte) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Calls `body` with the decoded text.
    private func unescaped<Result>(_ body: (Text) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { buffer in
            let count = unescape(into: buffer)
            return body(Text(bytes: UnsafeBufferPointer(buffer.extracting(..<count)), hasEscapes: false))
        }
    }

    /// Writes the string with its escapes decoded, and returns the number of bytes. A decoded escape is never longer
    /// than the escape itself.
    private func unescape(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var count = 0
        func append(_ byte: UInt8) {
            guard count < buffer.count else { return }
            buffer.initializeElement(at: count, to: byte)
            count += 1
        }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < bytes.count else {
                append(byte)
                continue
            }
            let escape = bytes[index]
            index += 1
            switch escape {
            case UInt8(ascii: "b"): append(8)
            case UInt8(ascii: "f"): append(12)
            case UInt8(ascii: "n"): append(10)
            case UInt8(ascii: "r"): append(13)
            case UInt8(ascii: "t"): append(9)
            case UInt8(ascii: "u"):
                for byte in UTF8.encode(unicodeEscape(at: &index)) ?? UTF8.encodedReplacementCharacter { append(byte) }
            default: append(escape)
            }
        }
        return count
    }

    /// The character of `\uXXXX`, or of two of them that form a surrogate pair. `index` is after the first `u`.
    private func unicodeEscape(at index: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        guard let first = codeUnit(at: index) else { return replacement }
        index += 4
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? replacement }
        guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
            let second = codeUnit(at: index + 2), UTF16.isTrailSurrogate(second)
        else { return replacement }
        index += 6
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)) ?? replacement
    }

    private func codeUnit(at index: Int) -> UInt16? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Self.hexDigit(byte) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
