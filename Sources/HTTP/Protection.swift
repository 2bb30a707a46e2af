/// What stands between a server and whoever asks it. Each is asked anew for every client, so that a reload is felt at
/// once.
package struct Protection: Sendable {
    /// What is done with a request.
    package enum Verdict: Sendable {
        case pass
        /// It is not answered but with this.
        case refuse(Response)
        /// It takes its time to say, on another thread. The closure gets what to call with the refusal, or with `nil` to
        /// let the request pass; from any thread, once.
        case later(@Sendable (_ decided: @escaping @Sendable (Response?) -> Void) -> Void)
    }

    /// The TLS to speak with a new client; `nil` for none.
    package var tls: @Sendable () -> ServerTLS?
    package var verdict: @Sendable (Request, Peer) -> Verdict
    /// Fields for every answer.
    package var headers: @Sendable () -> Headers

    /// Everything passes, without TLS.
    package init(
        tls: @escaping @Sendable () -> ServerTLS? = { nil },
        verdict: @escaping @Sendable (Request, Peer) -> Verdict = { _, _ in .pass },
        headers: @escaping @Sendable () -> Headers = { [:] }
    ) {
        self.tls = tls
        self.verdict = verdict
        self.headers = headers
    }
}
