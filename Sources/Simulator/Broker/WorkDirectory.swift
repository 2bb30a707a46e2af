import Glibc
import Platform

/// The directory of a fleet: certificates, password files and broker configurations.
package struct WorkDirectory: Sendable {
    /// The path; absolute.
    package let path: String
    private let isTemporary: Bool

    /// Creates a directory under `TMPDIR`, which `remove` deletes.
    package static func temporary() throws(SimulatorError) -> WorkDirectory {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/bambu_simulator.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .file(path: base, reason: SystemError.text(of: errno)) }
        return try WorkDirectory(template, isTemporary: true)
    }

    /// Uses the directory at `path`, and creates it if it does not exist.
    package static func at(_ path: String) throws(SimulatorError) -> WorkDirectory {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .file(path: path, reason: SystemError.text(of: errno))
        }
        return try WorkDirectory(path, isTemporary: false)
    }

    private init(_ path: UnsafePointer<CChar>, isTemporary: Bool) throws(SimulatorError) {
        guard let absolute = realpath(path, nil) else {
            throw .file(path: String(cString: path), reason: SystemError.text(of: errno))
        }
        defer { free(absolute) }
        self.path = String(cString: absolute)
        self.isTemporary = isTemporary
    }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file atomically, readable only by its owner.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws(SimulatorError) -> String {
        let path = file(name)
        try Self.write(bytes, toPath: path, mode: 0o600)
        return path
    }

    /// Writes a file atomically at any path.
    static func write(_ bytes: [UInt8], toPath path: String, mode: mode_t) throws(SimulatorError) {
        let temporary = "\(path).new"
        // Ensures that a symbolic link at this path is not followed.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .file(path: path, reason: SystemError.text(of: errno)) }
        defer { close(descriptor) }
        guard writeAll(bytes, to: descriptor), rename(temporary, path) == 0 else {
            throw .file(path: path, reason: SystemError.text(of: errno))
        }
    }

    /// Writes all bytes to an open file; returns whether that succeeded.
    @discardableResult
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    package static func read(_ path: String) throws(SimulatorError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, reason: SystemError.text(of: errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw .file(path: path, reason: SystemError.text(of: errno)) }
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    /// Removes a temporary directory with its files; does nothing for any other directory.
    package func remove() {
        guard isTemporary, let listing = opendir(path) else { return }
        while let entry = Glibc.readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            unlink(file(name))
        }
        closedir(listing)
        rmdir(path)
    }
}
