import Glibc
import Platform

/// The key and the creation time from which all certificates of a fleet are derived.
///
/// Both are stored in the fleet's directory, so that a restarted fleet has the same certificates.
struct FleetIdentity {
    let key: PrivateKey
    let created: Int

    /// Uses `key`, the key in the directory, or a new one.
    init(in directory: WorkDirectory, key: PrivateKey?) throws {
        let path = directory.file("authority.key")
        let isKept = key == nil && access(path, F_OK) == 0
        if isKept {
            self.key = try PrivateKey(pem: try WorkDirectory.read(path))
        } else {
            self.key = try key ?? PrivateKey()
            try directory.write(try self.key.pem(), to: "authority.key")
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SimulatorError.file(path: path, reason: SystemError.text(of: errno))
        }
        created = status.st_mtim.tv_sec
    }
}
