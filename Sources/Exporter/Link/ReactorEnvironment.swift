import Reactor

/// The objects that everything on the event loop shares.
struct ReactorEnvironment {
    let loop: EventLoop
    let limiter: ConnectionLimiter
    let resolver: Resolver
    let certificates: KnownCertificates
    let authorities: TrustStores
    /// Reads and writes files off the event loop.
    let files: SerialWorker
    let log: Log

    /// - Parameter resolver: for tests; `nil` uses the system's resolver.
    init(
        loop: EventLoop, certificates: KnownCertificates, files: SerialWorker, log: Log, resolver: Resolver? = nil
    ) {
        self.loop = loop
        limiter = ConnectionLimiter(on: loop)
        self.resolver = resolver ?? Resolver(on: loop)
        self.certificates = certificates
        authorities = TrustStores()
        self.files = files
        self.log = log
    }
}
