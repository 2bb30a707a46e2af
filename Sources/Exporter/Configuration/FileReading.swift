import Glibc
import Platform

/// Reads whole files up to a limit.
enum FileReading {
    /// Reads a file.
    ///
    /// - Parameter limit: the largest allowed size, in bytes.
    /// - Throws: `SystemError`, with `EFBIG` if the file is larger. A device without an end is read up to the limit.
    static func bytes(of path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(errno, "open") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8 << 10)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno, "read") }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else { throw SystemError(EFBIG, "read") }
            bytes += chunk[..<count]
        }
    }

    /// Reads a file.
    ///
    /// - Parameter name: what the file is, for the error.
    static func bytes(of path: String, limit: Int, as name: String) throws(ConfigurationError) -> [UInt8] {
        do {
            return try bytes(of: path, limit: limit)
        } catch {
            throw ConfigurationError(path, "cannot read \(name): \(reason(error))")
        }
    }

    /// The reason why a file cannot be read or written, as text.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? SystemError else { return "\(error)" }
        switch error.code {
        case ENOENT: return "no such file"
        case EACCES: return "permission denied"
        case EISDIR: return "it is a directory"
        case EFBIG: return "it is too large"
        default: return error.reason
        }
    }
}
