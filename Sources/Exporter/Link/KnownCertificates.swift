import FoundationEssentials
import Platform
import TLS

/// The certificate that each printer first presented, by serial number and service.
///
/// All of them are in memory, so that no lookup waits for a disk. `synchronize` merges memory and the file in
/// `state_dir`: new certificates are written to the file, and entries that `bambu_exporter forget` removed are dropped.
final class KnownCertificates: Sendable {
    private struct State {
        /// The file; `nil` keeps certificates in memory only.
        var file: CertificateFile?
        /// The contents of the file when it was last read.
        var contents = CertificateFile.Contents()
        /// Certificates that the file does not contain yet.
        var unwritten: [String: Fingerprint] = [:]
        var isQueued = false
        var problem = LogOnce()
    }

    /// The contents of a `state_dir` that were read but are not in use yet.
    struct Reading: Sendable {
        fileprivate let file: CertificateFile?
        fileprivate let contents: CertificateFile.Contents
    }

    private let log: Log
    private let onUnwritten: @Sendable (KnownCertificates) -> Void
    private let state = Locked(State())

    /// - Parameter onUnwritten: called on the first certificate that is not in the file, so that `synchronize` is due.
    init(log: Log = Log(), onUnwritten: @escaping @Sendable (KnownCertificates) -> Void = { _ in }) {
        self.log = log
        self.onUnwritten = onUnwritten
    }

    /// Reads the file in `directory`. Blocks.
    ///
    /// - Parameter directory: the `state_dir`; `nil` for memory only.
    /// - Throws: `ConfigurationError` if the file is damaged or cannot be read.
    static func read(in directory: String?) throws(ConfigurationError) -> Reading {
        let file = directory.map { CertificateFile(in: $0) }
        return Reading(file: file, contents: try file?.read() ?? CertificateFile.Contents())
    }

    /// Keeps certificates in the file of `reading` from now on.
    ///
    /// Those in memory are added to a new file: if they were lost, the next peer would be trusted. An entry of the file
    /// takes precedence.
    func use(_ reading: Reading) {
        let isDue = state.withLock { state in
            if state.file != reading.file {
                state.unwritten.merge(state.contents.known) { own, _ in own }
                state.unwritten = state.unwritten.filter { reading.contents.known[$0.key] == nil }
            }
            state.file = reading.file
            state.contents = reading.contents
            return state.file != nil && !state.unwritten.isEmpty
        }
        if isDue { onUnwritten(self) }
    }

    /// The certificate that the printer first presented; `nil` if none is known.
    func fingerprint(of serial: String, service: String) -> Fingerprint? {
        let key = "\(serial) \(service)"
        return state.withLock { $0.contents.known[key] ?? $0.unwritten[key] }
    }

    /// Remembers a certificate in memory. The next `synchronize` writes it to the file.
    func remember(_ fingerprint: Fingerprint, of serial: String, service: String) {
        let isFirst = state.withLock { state in
            defer { state.unwritten["\(serial) \(service)"] = fingerprint }
            return state.file != nil && state.unwritten.isEmpty
        }
        if isFirst { onUnwritten(self) }
    }

    /// Runs `synchronize` on `worker` unless it is already queued.
    func synchronize(on worker: SerialWorker) {
        let isNew = state.withLock { state in
            defer { state.isQueued = true }
            return !state.isQueued
        }
        guard isNew else { return }
        worker.perform {
            self.state.withLock { $0.isQueued = false }
            self.synchronize()
        }
    }

    /// Merges memory and file. Blocks. A problem is logged once and leaves memory unchanged.
    func synchronize() {
        let before = state.withLock { $0 }
        guard let file = before.file else { return }
        let version = FileStamp(of: file.path)
        guard !before.unwritten.isEmpty || version != before.contents.version else { return }
        do {
            let after =
                before.unwritten.isEmpty && version != nil
                ? try file.read()
                : try file.update { contents in
                    contents.known.merge(before.unwritten) { own, _ in own }
                    // If the file is gone, no entry is dropped.
                    if contents.version == nil { contents.known.merge(before.contents.known) { own, _ in own } }
                }
            adopt(after, before)
        } catch {
            // Foundation's descriptions differ from call to call, so `logOnce` would not recognise them.
            logOnce(error is CocoaError ? "\(file.path): its folder cannot be created" : "\(error)")
        }
    }

    private func adopt(_ after: CertificateFile.Contents, _ before: State) {
        let isResolved = state.withLock { state in
            guard state.file == before.file else { return false }
            state.contents = after
            state.unwritten = state.unwritten.filter { before.unwritten[$0.key] != $0.value }
            return state.problem.clear()
        }
        if isResolved { log.info("The file of known certificates is in use again") }
    }

    private func logOnce(_ problem: String) {
        let level = state.withLock { $0.problem.level(of: problem, first: .error) }
        log.write(level, "Cannot update the known certificates; those in memory stay in use", ["err": problem])
    }
}
