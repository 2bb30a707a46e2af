import Cloud
import FoundationEssentials
import Glibc
import Reactor

/// The file that holds the account's token. It is read again when it has changed, and only then.
struct TokenFile {
    enum Reading {
        case unchanged
        /// - Parameter written: when the file was, in seconds since 1970.
        case token(Token, written: Double)
        /// In words, without anything of what the file holds.
        case unreadable(String)
    }

    let path: String
    private var version: FileVersion?

    init(_ path: String) {
        self.path = path
    }

    mutating func read() -> Reading {
        guard let found = FileVersion(of: path) else {
            version = nil
            return .unreadable("cannot read the token file \(path): \(Self.reason(errno))")
        }
        guard found != version else { return .unchanged }
        do {
            let text = try SecretFile.read(path).revealed
            let token = try Token(text: text, written: found.time)
            version = found
            return .token(token, written: found.time)
        } catch let error as Token.Unreadable {
            version = found
            return .unreadable("the token file \(path) cannot be used: \(error)")
        } catch {
            // Not noted: what keeps it from being read, such as its mode, may change without the file.
            return .unreadable("\(error)")
        }
    }

    private static func reason(_ code: Int32) -> String {
        code == ENOENT ? "there is no such file" : SystemError.text(of: code)
    }

    /// Writes a token for its owner's eyes alone, as a whole: a crash leaves the old file or the new one.
    ///
    /// - Throws: `SystemError`.
    static func write(_ contents: Secret, to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let draft = path + ".\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(errno, "creating \(draft)") }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(draft) }
        }
        let bytes = Array(contents.revealed.utf8)
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, Array(bytes[written...]), bytes.count - written)
            guard count > 0 else { throw SystemError(errno, "writing \(draft)") }
            written += count
        }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw SystemError(errno, "writing \(path)") }
        isWhole = true
    }
}
