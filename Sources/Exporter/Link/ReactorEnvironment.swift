import Reactor

/// What everything on the event loop shares.
struct ReactorEnvironment {
    let loop: EventLoop
    let limiter: ConnectionLimiter
    let resolver: Resolver
    let certificates: KnownCertificates
    let authorities: TrustStores
    let log: Log
}
