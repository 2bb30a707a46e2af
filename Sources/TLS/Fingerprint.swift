import COpenSSL

/// The SHA-256 digest of a certificate's DER encoding.
package struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// Parses 64 hexadecimal digits after an optional `sha256:`; `nil` for any other text.
    ///
    /// Colons between the bytes are ignored, since `openssl x509 -fingerprint` prints them.
    package init?(_ text: String) {
        var rest = Substring(text)
        let prefix = "sha256:"
        if rest.lowercased().hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        let digits = rest.filter { $0 != ":" }.map(\.hexDigitValue)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for pair in stride(from: 0, to: 64, by: 2) {
            guard let high = digits[pair], let low = digits[pair + 1] else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        self.bytes = bytes
    }

    /// Creates the fingerprint of an OpenSSL `X509`; `nil` if OpenSSL cannot encode it.
    init?(certificate: OpaquePointer) {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1, length == 32 else { return nil }
        bytes = Array(digest.prefix(32))
    }

    package var description: String {
        let digits = Array("0123456789abcdef")
        return "sha256:" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
