import Glibc

/// Tells one state of a file from the next.
package struct FileStamp: Equatable, Sendable {
    private let inode: ino_t
    private let seconds: Int
    private let nanoseconds: Int
    private let size: off_t

    /// `nil` where there is no such file, or it cannot be looked at.
    package init?(of file: String) {
        var found = stat()
        guard stat(file, &found) == 0 else { return nil }
        inode = found.st_ino
        seconds = found.st_mtim.tv_sec
        nanoseconds = found.st_mtim.tv_nsec
        size = found.st_size
    }

    /// When the file was written, in seconds since 1970.
    package var time: Double { Double(seconds) }
}
