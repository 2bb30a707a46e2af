import Glibc

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
        guard let seconds = Double(text) ?? HTTPDate.seconds(of: text).map({ $0 - now }), seconds.isFinite else {
            return nil
        }
        return .milliseconds(Int64(min(max(seconds, 0), longest) * 1000))
    }
}

/// Parses dates such as `Wed, 21 Oct 2026 07:28:00 GMT`. Source: RFC 9110, section 5.6.7.
private enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The date in seconds since 1970; `nil` if the text is not a valid date.
    static func seconds(of text: String) -> Double? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let clock = words[4].split(separator: ":").compactMap { Int32($0) }
        guard let day = Int32(words[1]), let year = Int32(words[3]), clock.count == 3 else { return nil }
        guard (1970...9999).contains(year), (1...31).contains(day), (0..<24).contains(clock[0]),
            (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (clock[0], clock[1], clock[2])
        return Double(timegm(&parts))
    }
}
