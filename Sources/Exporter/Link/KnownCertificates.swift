import FoundationEssentials
import Reactor

/// The certificates that printers were first seen with, by serial number and service, kept in `state_dir`.
///
/// The file is looked at again whenever it has changed, so that what `bambu_exporter forget` takes out of it is
/// forgotten by an exporter that runs.
final class KnownCertificates: Sendable {
    private struct State {
        /// Where they are kept; `nil` keeps them in memory alone.
        var file: String?
        var known: [String: Fingerprint] = [:]
        /// What the file ought to have and has not, because it could not be written.
        var unwritten: [String: Fingerprint] = [:]
        /// What the file was like when it was read last. It is replaced as a whole, never written to.
        var version: FileVersion?
    }

    private let state = Locked(State())

    /// Certificates that are kept in memory alone.
    init() {}

    /// Certificates that are kept as `keep(in:)` says.
    init(directory: String?) throws(ConfigurationError) {
        try keep(in: directory)
    }

    /// Keeps them in `directory` from now on. What is known already goes along, for to forget it would be to trust whoever
    /// comes next; where the file there says something else, it is right.
    ///
    /// - Parameter directory: where the file is; `nil` keeps certificates in memory alone.
    /// - Throws: `ConfigurationError` where the file is there and cannot be read: to go on without it would be to trust
    ///   whoever comes first. Nothing has changed then.
    func keep(in directory: String?) throws(ConfigurationError) {
        let file = directory.map { $0 + "/known-certificates" }
        do {
            try state.withLock { state in
                guard file != state.file else { return }
                var moved = State(file: file)
                try refresh(&moved)
                moved.unwritten = state.known.merging(state.unwritten) { $1 }.filter { moved.known[$0.key] == nil }
                state = moved
                // What cannot be written now is so when a printer connects next, and the log says so then.
                if !state.unwritten.isEmpty { try? write(&state) }
            }
        } catch {
            throw ConfigurationError(file ?? "", "cannot read the known certificates: \(FileReading.reason(error))")
        }
    }

    /// The certificate that the printer was first seen with; `nil` before.
    func fingerprint(of serial: String, service: String) -> Fingerprint? {
        state.withLock { state in
            // A file that cannot be read for a moment forgets nothing.
            try? refresh(&state)
            let key = "\(serial) \(service)"
            return state.known[key] ?? state.unwritten[key]
        }
    }

    /// Remembers a certificate.
    ///
    /// - Throws: what kept the file from being written; the certificate is remembered in memory nevertheless, and
    ///   `catchUp` tries again.
    func remember(_ fingerprint: Fingerprint, of serial: String, service: String) throws {
        try state.withLock { state in
            try? refresh(&state)
            state.unwritten["\(serial) \(service)"] = fingerprint
            try write(&state)
        }
    }

    /// Writes what could not be written before. Returns whether there was anything.
    func catchUp() throws -> Bool {
        try state.withLock { state in
            guard state.file != nil, !state.unwritten.isEmpty else { return false }
            try? refresh(&state)
            try write(&state)
            return true
        }
    }

    /// Forgets a printer's certificates. Returns how many there were.
    func forget(_ serial: String) throws -> Int {
        try state.withLock { state in
            try refresh(&state)
            let keys = Set(state.known.keys).union(state.unwritten.keys).filter { $0.hasPrefix("\(serial) ") }
            for key in keys {
                state.known.removeValue(forKey: key)
                state.unwritten.removeValue(forKey: key)
            }
            if !keys.isEmpty { try write(&state) }
            return keys.count
        }
    }

    /// Reads the file if it is another one than was read last.
    private func refresh(_ state: inout State) throws {
        guard let file = state.file, let version = FileVersion(of: file), version != state.version else { return }
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        state.known = Self.read(text)
        state.version = version
    }

    /// A certificate a line, by serial number and service; what is no such line is passed over.
    static func read(_ text: String) -> [String: Fingerprint] {
        var known: [String: Fingerprint] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 3, let fingerprint = Fingerprint(String(words[2])) else { continue }
            known["\(words[0]) \(words[1])"] = fingerprint
        }
        return known
    }

    /// What `read` reads.
    static func text(of known: [String: Fingerprint]) -> String {
        "# Certificates of printers by serial and service, as first seen. `bambu_exporter forget` removes one.\n"
            + known.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
    }

    /// Replaces the file as a whole, so that a crash leaves the old one or the new one.
    private func write(_ state: inout State) throws {
        guard let file = state.file else { return }
        let folder = URL(filePath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let all = state.known.merging(state.unwritten) { known, _ in known }
        try Data(Self.text(of: all).utf8).write(to: URL(filePath: file), options: .atomic)
        state.known = all
        state.unwritten = [:]
        state.version = FileVersion(of: file)
    }
}
