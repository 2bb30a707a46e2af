import CShim

/// Why a request to the account failed.
package struct CloudFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The token has expired or was revoked.
        case refused
        /// A 401 without that information; it is usually temporary.
        case unauthorized
        /// The account has no permission for the endpoint.
        case forbidden
        /// Cloudflare or a rate limit blocked the request; the token may be valid.
        case limited
        case timeout
        case network
        case server
        /// The response has an unexpected format.
        case shape
    }

    package let kind: Kind
    /// The message; it contains no text of the response.
    package let detail: String
    /// The time that the server requests to wait; `nil` if it does not.
    package let pause: Duration?

    package init(_ kind: Kind, _ detail: String, pause: Duration? = nil) {
        self.kind = kind
        self.detail = detail
        self.pause = pause
    }

    package var description: String { detail }
}

/// The header field `Retry-After`. Source: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// The longest pause that is accepted, in seconds.
    private static let longest = 86_400.0

    static func pause(_ text: String, at now: Double) -> Duration? {
        let date = shim_http_date(text)
        guard let seconds = Double(text) ?? (date < 0 ? nil : Double(date) - now), seconds.isFinite else { return nil }
        return .milliseconds(Int64(min(max(seconds, 0), longest) * 1000))
    }
}
