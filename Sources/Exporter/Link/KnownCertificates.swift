import Platform
import TLS

/// The certificate that each printer first presented, by serial number and service.
///
/// All of them are in memory, so that no lookup waits for a disk. `synchronize` merges memory and the file in
/// `state_dir`: new certificates are written to the file, and entries that `bambu_exporter forget` removed are dropped.
struct KnownCertificates: Sendable {
    /// A file and its contents when it was last read.
    struct Reading: Sendable {
        /// `nil` keeps certificates in memory only.
        fileprivate var file: CertificateFile?
        fileprivate var contents = CertificateFile.Contents()
    }

    private struct State {
        var current = Reading()
        /// Certificates that the file does not contain yet.
        var unwritten: [String: Fingerprint] = [:]
        var isQueued = false
        var problem = LogOnce()
    }

    var log = Log()
    /// Called on the first certificate that is not in the file, so that `synchronize` is due.
    var onUnwritten: @Sendable (KnownCertificates) -> Void = { _ in }
    private let state = Locked(State())

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
            if state.current.file != reading.file {
                state.unwritten.merge(state.current.contents.known) { own, _ in own }
                state.unwritten = state.unwritten.filter { reading.contents.known[$0.key] == nil }
            }
            state.current = reading
            return reading.file != nil && !state.unwritten.isEmpty
        }
        if isDue { onUnwritten(self) }
    }

    /// The certificate that the printer first presented; `nil` if none is known.
    func fingerprint(of serial: String, service: String) -> Fingerprint? {
        let key = "\(serial) \(service)"
        return state.withLock { $0.current.contents.known[key] ?? $0.unwritten[key] }
    }

    /// Remembers a certificate in memory. The next `synchronize` writes it to the file.
    func remember(_ fingerprint: Fingerprint, of serial: String, service: String) {
        let isFirst = state.withLock { state in
            defer { state.unwritten["\(serial) \(service)"] = fingerprint }
            return state.current.file != nil && state.unwritten.isEmpty
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
        guard let file = before.current.file else { return }
        let version = FileStamp(of: file.path)
        guard !before.unwritten.isEmpty || version != before.current.contents.version else { return }
        do {
            let after =
                before.unwritten.isEmpty && version != nil
                ? try file.read()
                : try file.update { contents in
                    contents.known.merge(before.unwritten) { own, _ in own }
                    // If the file is gone, no entry is dropped.
                    if contents.version == nil { contents.known.merge(before.current.contents.known) { own, _ in own } }
                }
            adopt(after, before)
        } catch {
            let problem = "\(error)"
            let level = state.withLock { $0.problem.level(of: problem, first: .error) }
            log.write(level, "Cannot update the known certificates; those in memory stay in use", ["err": problem])
        }
    }

    private func adopt(_ after: CertificateFile.Contents, _ before: State) {
        let isResolved = state.withLock { state in
            guard state.current.file == before.current.file else { return false }
            state.current.contents = after
            state.unwritten = state.unwritten.filter { before.unwritten[$0.key] != $0.value }
            return state.problem.clear()
        }
        if isResolved { log.info("The file of known certificates is in use again") }
    }
}
