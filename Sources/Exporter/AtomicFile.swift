import Glibc
import Platform

/// Replaces files atomically: after a crash, either the old or the new file exists.
enum AtomicFile {
    /// Writes a file that only its owner can read. Creates its folder if it is missing.
    static func writePrivate(_ bytes: [UInt8], to path: String) throws(SystemError) {
        try createFolder(of: path)
        try write(bytes, to: path, permissions: 0o600)
    }

    /// Writes a file with these permissions, as far as the process's mask allows them.
    static func write(_ bytes: [UInt8], to path: String, permissions: mode_t) throws(SystemError) {
        let draft = path + ".\(getpid()).new"
        // In a container the process id is the same after a crash, and the draft of the crashed process may still
        // exist.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, permissions)
        guard descriptor >= 0 else { throw SystemError(errno, "creating \(draft)") }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(draft) }
        }
        guard Output.write(bytes, to: descriptor) else { throw SystemError(errno, "writing \(draft)") }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw SystemError(errno, "writing \(path)") }
        isWhole = true
        synchronize(folder(of: path))
    }

    /// Creates the folder of a file, unless it exists. Only its owner can use it.
    static func createFolder(of path: String) throws(SystemError) {
        let folder = folder(of: path)
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, folder != "/", folder != "." else { throw SystemError(errno, "creating \(folder)") }
        try createFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SystemError(errno, "creating \(folder)") }
    }

    /// The folder of a file; "." if the path has none.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the rename survive a power failure. Some file systems do not support this; the error is ignored.
    private static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
