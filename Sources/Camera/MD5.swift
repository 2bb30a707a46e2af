import COpenSSL

/// The digest of RTSP authentication. Source: RFC 2617, 3.2.1.
enum MD5 {
    /// The digest of `text` as 32 hexadecimal digits; `nil` if OpenSSL was built without MD5.
    static func text(of text: String) -> String? {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_md5(), nil) == 1, length == 16 else { return nil }
        return String(digest.prefix(16).flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] })
    }

    private static let digits = Array("0123456789abcdef")
}
