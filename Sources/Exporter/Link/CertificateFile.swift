import FoundationEssentials
import Glibc
import Reactor

/// The file of known certificates in a `state_dir`, which several processes may share. Its methods block.
struct CertificateFile: Sendable, Equatable {
    /// Fingerprints by serial and service, and the state of the file that has them; `nil` when there is no file.
    struct Contents: Sendable {
        var known: [String: Fingerprint] = [:]
        var version: FileStamp?
    }

    let path: String

    /// How long to wait for another process that writes the file.
    private static let patience = 500

    init(in directory: String) {
        path = directory + "/known-certificates"
    }

    /// Reads the file. A missing file has no certificates.
    ///
    /// - Throws: `ConfigurationError` when the file cannot be read or is damaged: to go on without it would be to trust the
    ///   next peer.
    func read() throws(ConfigurationError) -> Contents {
        let version = FileStamp(of: path)
        do {
            let bytes = try FileReading.bytes(of: path, limit: 64 << 20)
            return Contents(known: try CertificateList.parse(bytes), version: version)
        } catch let damage as CertificateList.Damage {
            throw ConfigurationError(
                "\(path):\(damage.line)",
                """
                the known certificates are damaged: \(damage.reason). Restore the file, or move it away; without it \
                every printer's next certificate is trusted
                """)
        } catch {
            if FileStamp(of: path) == nil, errno == ENOENT { return Contents() }
            throw ConfigurationError(path, "cannot read the known certificates: \(FileReading.reason(error))")
        }
    }

    /// Changes the file while no other process does. Returns what it has now.
    ///
    /// - Throws: as `read` does, or what keeps the file from being written. The file has not changed then.
    func update(_ change: (inout Contents) -> Void) throws -> Contents {
        let lock = try acquireLock()
        defer { close(lock) }
        let before = try read()
        var after = before
        change(&after)
        guard after.known != before.known else { return before }
        try AtomicFile.write(Array(CertificateList.text(of: after.known).utf8), to: path)
        return Contents(known: after.known, version: FileStamp(of: path))
    }

    /// Removes a printer's certificates. Returns how many there were.
    func forget(_ serial: String) throws -> Int {
        guard FileStamp(of: path) != nil else { return try read().known.count }
        var count = 0
        _ = try update { contents in
            let kept = contents.known.filter { !$0.key.hasPrefix("\(serial) ") }
            count = contents.known.count - kept.count
            contents.known = kept
        }
        return count
    }

    /// Takes the lock that every process takes before it writes. Closing the descriptor returns it.
    private func acquireLock() throws -> Int32 {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(errno, "opening \(path).lock") }
        for _ in 0..<Self.patience {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            usleep(10_000)
        }
        close(descriptor)
        throw SystemError(ETIMEDOUT, "waiting for another process to write \(path)")
    }
}
