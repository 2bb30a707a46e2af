import FoundationEssentials
import Reactor

/// The certificates that printers were first seen with, by serial number and service.
///
/// All of them are in memory, so that no lookup waits for a disk. `synchronize` brings memory and the file in `state_dir`
/// together: what is new here goes into the file, and what `bambu_exporter forget` took out of the file goes out of memory.
final class KnownCertificates: Sendable {
    private struct State {
        /// `nil` keeps certificates in memory alone.
        var file: CertificateFile?
        /// What the file had when it was read last.
        var contents = CertificateFile.Contents()
        /// What the file does not have yet.
        var unwritten: [String: Fingerprint] = [:]
        var isQueued = false
        var lastProblem: String?
    }

    /// What a `state_dir` has, read and not yet in use.
    struct Reading: Sendable {
        fileprivate let file: CertificateFile?
        fileprivate let contents: CertificateFile.Contents
    }

    private let log: Log
    private let onUnwritten: @Sendable () -> Void
    private let state = Locked(State())

    /// - Parameter onUnwritten: called when `synchronize` is due because of the first certificate that is not in the file.
    init(log: Log = Log(), onUnwritten: @escaping @Sendable () -> Void = {}) {
        self.log = log
        self.onUnwritten = onUnwritten
    }

    /// Reads the file in `directory`. Blocks.
    ///
    /// - Parameter directory: the `state_dir`; `nil` for memory alone.
    /// - Throws: `ConfigurationError` when the file is damaged or cannot be read.
    static func read(in directory: String?) throws(ConfigurationError) -> Reading {
        let file = directory.map { CertificateFile(in: $0) }
        return Reading(file: file, contents: try file?.read() ?? CertificateFile.Contents())
    }

    /// Keeps certificates in the file of `reading` from now on. Those in memory go along into another file, since to
    /// forget them would be to trust the next peer; an entry of the file takes precedence.
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
        if isDue { onUnwritten() }
    }

    /// The certificate that the printer was first seen with; `nil` before.
    func fingerprint(of serial: String, service: String) -> Fingerprint? {
        let key = "\(serial) \(service)"
        return state.withLock { $0.contents.known[key] ?? $0.unwritten[key] }
    }

    /// Remembers a certificate in memory. The file gets it with the next `synchronize`.
    func remember(_ fingerprint: Fingerprint, of serial: String, service: String) {
        let isFirst = state.withLock { state in
            defer { state.unwritten["\(serial) \(service)"] = fingerprint }
            return state.file != nil && state.unwritten.isEmpty
        }
        if isFirst { onUnwritten() }
    }

    /// Has `worker` bring memory and file together, unless it is about to.
    func synchronize(on worker: FileWorker) {
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

    /// Brings memory and file together. Blocks. A problem is logged once, and memory stays as it is then.
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
                    // A file that is gone forgets nothing.
                    if contents.version == nil { contents.known.merge(before.contents.known) { own, _ in own } }
                }
            adopt(after, before)
        } catch {
            // Foundation's descriptions differ from one call to the next.
            complain(error is CocoaError ? "\(file.path): its folder cannot be created" : "\(error)")
        }
    }

    private func adopt(_ after: CertificateFile.Contents, _ before: State) {
        let isCured = state.withLock { state in
            guard state.file == before.file else { return false }
            state.contents = after
            state.unwritten = state.unwritten.filter { before.unwritten[$0.key] != $0.value }
            defer { state.lastProblem = nil }
            return state.lastProblem != nil
        }
        if isCured { log.info("The file of known certificates is in use again") }
    }

    private func complain(_ problem: String) {
        let isNew = state.withLock { state in
            defer { state.lastProblem = problem }
            return state.lastProblem != problem
        }
        if isNew {
            log.error("Cannot update the known certificates; those in memory stay in force", ["err": problem])
        }
    }
}
