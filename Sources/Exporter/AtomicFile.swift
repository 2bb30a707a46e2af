import FoundationEssentials
import Glibc
import Platform

/// Replaces files atomically: after a crash, either the old or the new file exists.
enum AtomicFile {
    /// Writes a file that only its owner can read. Creates its folder if it is missing.
    ///
    /// - Throws: `SystemError`, or Foundation's error if the folder cannot be created.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try createFolder(of: path)
        let draft = path + ".\(getpid()).new"
        // In a container the process id is the same after a crash, and the draft of the crashed process may still
        // exist.
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(errno, "creating \(draft)") }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(draft) }
        }
        guard Output.write(bytes, to: descriptor) else { throw SystemError(errno, "writing \(draft)") }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw SystemError(errno, "writing \(path)") }
        isWhole = true
        synchronize(folder(of: path).path)
    }

    /// Creates the folder of a file, unless it exists. Only its owner can use it.
    static func createFolder(of path: String) throws {
        try FileManager.default.createDirectory(
            at: folder(of: path), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    private static func folder(of path: String) -> URL { URL(filePath: path).deletingLastPathComponent() }

    /// Makes the rename survive a power failure. Some file systems do not support this; the error is ignored.
    private static func synchronize(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
