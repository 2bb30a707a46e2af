import FoundationEssentials
import Reactor

/// A file that holds a secret and nothing else.
enum SecretFile {
    /// Why a secret cannot be read.
    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads a secret and leaves out the line feed at its end.
    static func read(_ path: String) throws(Unreadable) -> Secret {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Unreadable(description: "cannot read the secret file \(path): \(FileReading.reason(error))")
        }
        guard data.count <= 64 << 10 else { throw Unreadable(description: "the secret file \(path) is too large") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Unreadable(description: "the secret file \(path) is not UTF-8")
        }
        let secret = text.trimmed(of: ["\n", "\r"])
        guard !secret.isEmpty else { throw Unreadable(description: "the secret file \(path) is empty") }
        return Secret(secret)
    }
}

/// The words for a file that cannot be read.
enum FileReading {
    static func reason(_ error: any Error) -> String {
        if let error = error as? CocoaError {
            switch error.code {
            case .fileReadNoSuchFile, .fileNoSuchFile: return "there is no such file"
            case .fileReadNoPermission: return "permission denied"
            default: break
            }
        }
        return "it cannot be read"
    }
}

extension String {
    /// The text without such characters at its end.
    func trimmed(of characters: Set<Unicode.Scalar>) -> String {
        var scalars = unicodeScalars
        while let last = scalars.last, characters.contains(last) { scalars.removeLast() }
        return String(scalars)
    }
}
