import Glibc
import Reactor

/// The key and the birth that all certificates of a fleet follow from, kept in its directory: a fleet that starts there
/// again has the same certificates.
struct FleetIdentity {
    private static let file = "authority.key"

    let key: PrivateKey
    /// Seconds since 1970.
    let born: Int

    /// - Parameter key: `nil` takes the one in the directory, or makes one.
    init(in directory: WorkDirectory, key: PrivateKey?) throws {
        let path = directory.file(Self.file)
        let isKept = key == nil && access(path, F_OK) == 0
        if isKept {
            self.key = try PrivateKey(pem: try WorkDirectory.read(path))
        } else {
            self.key = try key ?? PrivateKey()
            try directory.write(try self.key.pem(), to: Self.file)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SimulatorError.file(path: path, reason: SystemError.text(of: errno))
        }
        born = status.st_mtim.tv_sec
    }
}
