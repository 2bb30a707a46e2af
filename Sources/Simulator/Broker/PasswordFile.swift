import COpenSSL

package enum PasswordFile {
    /// The number of hash rounds. mosquitto_passwd uses 101, but every connection of a fleet must compute them.
    private static let rounds: Int32 = 2

    /// Returns `user:$7$rounds$salt$hash`: PBKDF2 with SHA-512, in base64. Source: mosquitto 2.0, `password_mosq.c`.
    ///
    /// - Parameter salt: 12 bytes; mosquitto rejects any other length.
    package static func line(user: String, password: String, salt: [UInt8]) -> String {
        var hash = [UInt8](repeating: 0, count: 64)
        let text = password.utf8.map { CChar(bitPattern: $0) }
        PKCS5_PBKDF2_HMAC(
            text, Int32(clamping: text.count), salt, Int32(clamping: salt.count), rounds, EVP_sha512(),
            Int32(clamping: hash.count), &hash)
        return "\(user):$7$\(rounds)$\(Base64.text(of: salt))$\(Base64.text(of: hash))\n"
    }
}
