import Reactor
import TLS

/// The objects that everything on the event loop shares.
struct ReactorEnvironment {
    let loop: EventLoop
    let limiter: ConnectionLimiter
    let resolver: Resolver
    let registry: Registry
    let certificates: KnownCertificates
    /// The certificate authorities of the current configuration, by file; `nil` for the system's.
    let authorities = LoopIsolated<[String?: TrustStore]>([:])
    /// Reads and writes files off the event loop.
    let files: SerialWorker
    let log: Log

    /// - Parameter resolver: for tests; `nil` uses the system's resolver.
    init(
        loop: EventLoop, registry: Registry = Registry(), certificates: KnownCertificates, files: SerialWorker,
        log: Log, resolver: Resolver? = nil
    ) {
        self.loop = loop
        limiter = ConnectionLimiter { loop.schedule(after: $0, $1) }
        self.resolver = resolver ?? Resolver(on: loop)
        self.registry = registry
        self.certificates = certificates
        self.files = files
        self.log = log
    }

    /// The authorities of a `ca_file`, or of the system if `nil`.
    ///
    /// They were read with the configuration, so that no connection waits for a disk.
    func authorities(of file: String?) throws(TrustStore.Unreadable) -> TrustStore {
        if let store = authorities.value[file] { return store }
        throw TrustStore.Unreadable(
            description: "\(file ?? "the file of the system's authorities") was not read with the configuration")
    }
}
