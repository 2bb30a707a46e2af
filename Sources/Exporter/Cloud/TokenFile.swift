import Cloud
import Glibc
import Reactor

/// The file that holds the account's token. It is read again when it has changed, and only then.
struct TokenFile {
    enum Reading: Sendable {
        case unchanged
        /// - Parameter written: when the file was, in seconds since 1970.
        case token(Token, written: Double)
        /// In words, without anything of what the file holds.
        case unreadable(String)
    }

    let path: String
    private var version: FileStamp?

    init(_ path: String) {
        self.path = path
    }

    mutating func read() -> Reading {
        guard let found = FileStamp(of: path) else {
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

    /// Writes a token, readable for its owner alone.
    ///
    /// - Throws: `SystemError`, or Foundation's error when the folder cannot be created.
    static func write(_ contents: Secret, to path: String) throws {
        try AtomicFile.write(Array(contents.revealed.utf8), to: path)
    }
}
