import Glibc

/// Identifies a version of a file, by inode, modification time and size.
package struct FileStamp: Equatable, Sendable {
    private let inode: ino_t
    private let seconds: Int
    private let nanoseconds: Int
    private let size: off_t

    /// Reads the stamp of `file`; `nil` if the file does not exist or is not accessible.
    package init?(of file: String) {
        var found = stat()
        guard stat(file, &found) == 0 else { return nil }
        inode = found.st_ino
        seconds = found.st_mtim.tv_sec
        nanoseconds = found.st_mtim.tv_nsec
        size = found.st_size
    }

    /// The modification time, in seconds since 1970.
    package var time: Double { Double(seconds) }
}
