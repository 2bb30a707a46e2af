package typealias CloudFault = TimedFault<AccountFault>

/// Something that goes wrong with the simulated account's REST interface.
package enum AccountFault: String, FaultKind {
    /// 401, code 4: the token has expired or was revoked.
    case refused
    /// 401 without a reason.
    case unauthorized
    /// 403 with a page of Cloudflare.
    case cloudflare
    /// 403, code 8: not permitted to this account.
    case forbidden
    /// 418, as a rate limiter answers.
    case teapot
    /// 429 with `Retry-After`.
    case limited
    /// 500.
    case error
    /// 503 by Cloudflare.
    case unavailable
    /// 200 with a page.
    case page
    /// 200 with an `error` in it.
    case failed
    /// 200 with JSON that is cut off.
    case broken
    /// 200 with JSON of another shape.
    case misshapen
    /// 200 with an answer that never ends.
    case flood
    /// One byte a second.
    case drip
    /// No answer.
    case hang
    /// The connection is closed instead of an answer.
    case cut
    /// 302 to another host.
    case redirect

    package static let flag = "--cloud-fault"
    package static let targets: [String]? = SimulatedAccount.apis
}
