import Testing

@testable import Exporter

/// Compares `JSON5Document` with an independent decoder. Texts that trap Foundation's decoder are left out.
@Suite("JSON5Document")
struct JSON5DocumentTests {
    /// Every scalar below U+0300 and some above, also as an escape, in a string and in a key.
    private static let scalars = (Array(0..<0x300) + [0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x1F600]).compactMap(
        Unicode.Scalar.init)

    private func parse(_ text: String) -> ConfigurationValue? { (try? JSON5Document(text))?.root }

    @Test func `strings have the value that Foundation finds`() {
        for scalar in Self.scalars where !"\n".unicodeScalars.contains(scalar) {
            for text in ["\"\(scalar)\"", "\"a\(scalar)b\"", "\"\\\(scalar)\"", "\"\\\(scalar)b\""] {
                #expect(
                    parse(text) == ConfigurationValue(decodedByFoundation: text),
                    "U+\(String(scalar.value, radix: 16)): \(text)")
            }
        }
    }

    @Test(arguments: [
        "\"\"", "''", "\"'\"", "'\"'", "'\\''", "\"a\\\nb\"", "'\\x41\\x4a'", "'\\u0041'", "'\\uD83D\\uDE00'",
        "'\\uD83D'", "'\\uDE00'",
        "'\\x4'", "'\\u004'", "'\\x+4'", "'\\u+041'", "'\\uD83Dx'", "'\\0'", "'\\00'", "'\\01'", "'e\u{301}\\u0301'",
        "'\\",
    ])
    func `escapes have the value that Foundation finds`(text: String) {
        #expect(parse(text) == ConfigurationValue(decodedByFoundation: text))
    }

    @Test(arguments: [
        "0", "-0", "+1", ".5", "5.", "-.5e+3", "1E2", "0x1F", "-0XaB", "0xFFFFFFFF", "1e308", "123456789012345678901",
        "Infinity", "-Infinity", "+Infinity", "true", "false", "null", "True", "inf", "nan", "0x1p3", "1_0", "00",
    ])
    func `words have the value that Foundation finds`(text: String) {
        #expect(parse(text) == ConfigurationValue(decodedByFoundation: text))
    }

    @Test func `keys are those that Foundation finds`() {
        for scalar in Self.scalars where !"\"'\n\\".unicodeScalars.contains(scalar) {
            for text in ["{\(scalar):0}", "{a\(scalar):0}", "{\(scalar)a:0}"] {
                #expect(
                    parse(text) == ConfigurationValue(decodedByFoundation: text),
                    "U+\(String(scalar.value, radix: 16)): \(text)")
            }
        }
    }

    @Test func `objects and lists have the value that Foundation finds`() {
        let text = "{ a: [1, 'b', {c: null,},], \"d\": {}, // e\n 'f': [], /* g */ $_: [[true]] }"
        #expect(parse(text) == ConfigurationValue(decodedByFoundation: text))
    }
}
