import Glibc
import Platform
import TLS

/// The file of known certificates in a `state_dir`; several processes may share it. Its methods block.
struct CertificateFile: Sendable, Equatable {
    /// Fingerprints by serial and service, and the stamp of the file; the stamp is `nil` if there is no file.
    struct Contents: Sendable {
        var known: [String: Fingerprint] = [:]
        var version: FileStamp?
    }

    let path: String

    /// How many times to try the lock, 10 ms apart, while another process writes the file.
    private static let lockAttempts = 500

    init(in directory: String) {
        path = directory + "/known-certificates"
    }

    /// Reads the file. A missing file contains no certificates.
    ///
    /// - Throws: `ConfigurationError` if the file cannot be read or is damaged: without it the next peer would be
    ///   trusted.
    func read() throws(ConfigurationError) -> Contents {
        let version = FileStamp(of: path)
        do {
            let bytes = try FileReading.bytes(of: path, limit: 64 << 20)
            return Contents(known: try CertificateList.parse(bytes), version: version)
        } catch let damage as CertificateList.Damage {
            throw ConfigurationError(
                "\(path):\(damage.line)",
                """
                the list of known certificates is damaged: \(damage.reason). Restore the file from a backup. \
                If you move it away instead, the next certificate of every printer is trusted
                """)
        } catch {
            if FileStamp(of: path) == nil, errno == ENOENT { return Contents() }
            throw ConfigurationError(path, "cannot read the known certificates: \(FileReading.reason(error))")
        }
    }

    /// Changes the file under the lock. Returns its new contents.
    ///
    /// - Throws: as `read`, or the reason why the file cannot be written. The file is unchanged then.
    func update(_ change: (inout Contents) -> Void) throws -> Contents {
        let lock = try acquireLock()
        defer { close(lock) }
        let before = try read()
        var after = before
        change(&after)
        guard after.known != before.known else { return before }
        try AtomicFile.writePrivate(Array(CertificateList.text(of: after.known).utf8), to: path)
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

    /// Acquires the lock of all writers. Closing the returned descriptor releases it.
    private func acquireLock() throws -> Int32 {
        try AtomicFile.createFolder(of: path)
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(errno, "opening \(path).lock") }
        for _ in 0..<Self.lockAttempts {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
            usleep(10_000)
        }
        close(descriptor)
        throw SystemError(ETIMEDOUT, "waiting for another process to write \(path)")
    }
}
