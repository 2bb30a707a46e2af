import COpenSSL

/// Compares secrets without storing them: SHA-256 with a random salt of this process.
package struct SaltedDigest: Sendable {
    package struct Value: Sendable, Hashable {
        fileprivate let bytes: [UInt8]
    }

    private let salt: [UInt8]

    package init() {
        salt = (0..<32).map { _ in UInt8.random(in: 0...255) }
    }

    package func value(of text: String) -> Value {
        let bytes = salt + Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        // If hashing fails, return a unique value, so that nothing is cached.
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1 else {
            return Value(bytes: (0..<32).map { _ in UInt8.random(in: 0...255) })
        }
        return Value(bytes: Array(digest.prefix(Int(length))))
    }
}
