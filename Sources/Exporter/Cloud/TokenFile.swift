import Cloud
import Glibc
import Platform

/// The file with the account's token. It is parsed again only after it has changed.
struct TokenFile {
    enum Reading: Sendable {
        case unchanged
        /// - Parameter written: the modification time, in seconds since 1970.
        case token(Token, written: Double)
        /// The reason, without any contents of the file.
        case unreadable(String)
    }

    let path: String
    private(set) var version: FileStamp?

    mutating func read() -> Reading {
        guard let found = FileStamp(of: path) else {
            version = nil
            return .unreadable("cannot read the token file \(path): \(FileReading.reason(SystemError(errno, "stat")))")
        }
        guard found != version else { return .unchanged }
        do {
            let text = try SecretFile.read(path).revealed
            let token = try Token(text: text, written: found.time)
            version = found
            return .token(token, written: found.time)
        } catch let error as Token.Unreadable {
            version = found
            return .unreadable("the token file \(path) is invalid: \(error)")
        } catch {
            // Not stored as read: the cause, such as the file's mode, may change without the file.
            return .unreadable("\(error)")
        }
    }
}
