package typealias CloudFault = TimedFault<AccountFault>

/// A fault of the simulated account's REST API.
package enum AccountFault: String, FaultKind {
    /// 401, code 4: the token has expired or was revoked.
    case refused
    /// 401 without a reason.
    case unauthorized
    /// 403 with an HTML page of Cloudflare.
    case cloudflare
    /// 403, code 8: not permitted to this account.
    case forbidden
    /// 418, as from a rate limiter.
    case teapot
    /// 429 with `Retry-After`.
    case limited
    /// 500.
    case error
    /// 503 from Cloudflare.
    case unavailable
    /// 200 with an HTML page.
    case page
    /// 200 with a member `error`.
    case failed
    /// 200 with truncated JSON.
    case broken
    /// 200 with JSON of another structure.
    case misshapen
    /// 200 with an endless body.
    case flood
    /// One byte per second.
    case drip
    /// No answer.
    case hang
    /// The connection is closed without an answer.
    case cut
    /// 302 to another host.
    case redirect

    package static let flag = "--cloud-fault"
    package static let targets: [String]? = SimulatedAccount.apis
}
