import FoundationEssentials
import Reactor

/// The certificates that printers were first seen with, by serial number and service, kept in `state_dir`.
final class KnownCertificates: Sendable {
    private let directory: String?
    private let known: Locked<[String: Fingerprint]>

    /// - Parameter directory: where the file is; `nil` keeps certificates in memory alone.
    /// - Throws: `ConfigurationError` where the file is there and cannot be read: to go on without it would be to trust
    ///   whoever comes first.
    init(directory: String?) throws(ConfigurationError) {
        self.directory = directory
        known = Locked([:])
        guard let file, FileManager.default.fileExists(atPath: file) else { return }
        do {
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            known.withLock { known in
                for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                    let words = line.split(separator: " ")
                    guard words.count == 3, let fingerprint = Fingerprint(String(words[2])) else { continue }
                    known["\(words[0]) \(words[1])"] = fingerprint
                }
            }
        } catch {
            throw ConfigurationError(file, "cannot read the known certificates: \(FileReading.reason(error))")
        }
    }

    private var file: String? { directory.map { $0 + "/known-certificates" } }

    private static func key(_ serial: String, _ service: String) -> String { "\(serial) \(service)" }

    /// The certificate that the printer was first seen with; `nil` before.
    func fingerprint(of serial: String, service: String) -> Fingerprint? {
        known.withLock { $0[Self.key(serial, service)] }
    }

    /// Remembers a certificate.
    ///
    /// - Throws: what kept the file from being written; the certificate is remembered in memory nevertheless.
    func remember(_ fingerprint: Fingerprint, of serial: String, service: String) throws {
        known.withLock { $0[Self.key(serial, service)] = fingerprint }
        try write()
    }

    /// Forgets a printer's certificates. Returns how many there were.
    func forget(_ serial: String) throws -> Int {
        let count = known.withLock { known in
            let keys = known.keys.filter { $0.hasPrefix("\(serial) ") }
            for key in keys { known.removeValue(forKey: key) }
            return keys.count
        }
        if count > 0 { try write() }
        return count
    }

    /// Replaces the file as a whole, so that a crash leaves the old one or the new one.
    private func write() throws {
        guard let directory, let file else { return }
        let lines = known.withLock { $0.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" } }
        let text =
            "# Certificates of printers by serial and service, as first seen. `bambu_exporter forget` removes one.\n"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data((text + lines.joined()).utf8).write(to: URL(filePath: file), options: .atomic)
    }
}
