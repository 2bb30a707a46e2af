import Testing

@testable import Platform

@Suite("Base64")
struct Base64Tests {
    /// The test vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `encodes and decodes the vectors of the standard`(plain: String, encoded: String) {
        #expect(Base64.text(of: plain.utf8) == encoded)
        #expect(Base64.bytes(of: encoded) == Array(plain.utf8))
    }

    @Test func `decodes both alphabets, with and without padding`() {
        #expect(Base64.bytes(of: "+/8=") == [0xFB, 0xFF])
        #expect(Base64.bytes(of: "-_8") == [0xFB, 0xFF])
    }

    @Test(arguments: ["A", "AAAAA", "AA=", "A===", "====", "AA==AA==", "AA=A", "A A=", "AAA\u{E9}", "AAAA\n", "AAA\0"])
    func `rejects a text that is not Base64`(text: String) {
        #expect(Base64.bytes(of: text) == nil)
    }

    @Test func `decodes what it encodes`() {
        let bytes = (0..<256).map { UInt8($0) }
        for count in 0...256 { #expect(Base64.bytes(of: Base64.text(of: bytes[..<count])) == Array(bytes[..<count])) }
    }
}
