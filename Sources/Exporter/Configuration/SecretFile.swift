import Platform

/// Reads files that contain only a secret.
enum SecretFile {
    /// Why a secret cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a secret, without the line feed at its end.
    static func read(_ path: String) throws(Unreadable) -> Secret {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.bytes(of: path, limit: 64 << 10)
        } catch {
            throw Unreadable(description: "cannot read the secret file \(path): \(FileReading.reason(error))")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Unreadable(description: "the secret file \(path) is not UTF-8")
        }
        let secret = text.trimmed(of: ["\n", "\r"])
        guard !secret.isEmpty else { throw Unreadable(description: "the secret file \(path) is empty") }
        return Secret(secret)
    }
}

extension String {
    /// Removes these characters from the end.
    func trimmed(of characters: Set<Unicode.Scalar>) -> String {
        var scalars = unicodeScalars
        while let last = scalars.last, characters.contains(last) { scalars.removeLast() }
        return String(scalars)
    }
}
