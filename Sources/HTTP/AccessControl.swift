/// The access control of a server. The closures are called for every client, so that a reload takes effect at once.
package struct AccessControl: Sendable {
    package enum Decision: Sendable {
        case pass
        case refuse(Response)
        /// Decide asynchronously, on another thread. The closure receives a callback, to be called once, from any
        /// thread, with a rejection or with `nil` to accept the request.
        case later(@Sendable (_ decided: @escaping @Sendable (Response?) -> Void) -> Void)
    }

    /// The TLS settings for a new client; `nil` for plain HTTP.
    package var tls: @Sendable () -> ServerTLS?
    package var decision: @Sendable (Request, Peer) -> Decision
    /// Header fields that are added to every response.
    package var headers: @Sendable () -> Headers

    /// Creates an access control that accepts every request, without TLS.
    package init(
        tls: @escaping @Sendable () -> ServerTLS? = { nil },
        decision: @escaping @Sendable (Request, Peer) -> Decision = { _, _ in .pass },
        headers: @escaping @Sendable () -> Headers = { [:] }
    ) {
        self.tls = tls
        self.decision = decision
        self.headers = headers
    }
}
