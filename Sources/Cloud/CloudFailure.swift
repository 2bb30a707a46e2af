import Glibc

/// Why a request to the account came to nothing.
package struct CloudFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The token has expired or was revoked.
        case refused
        /// A 401 that does not say so; it goes over by itself.
        case unauthorized
        /// The endpoint is not for this account.
        case forbidden
        /// Cloudflare or a limit is in the way: nothing is known of the token.
        case limited
        case timeout
        case network
        case server
        /// The answer has another shape than it should have.
        case shape
    }

    package let kind: Kind
    /// In words, without anything that the peer said.
    package let detail: String
    /// How long the server wants to be left alone; `nil` where it does not say.
    package let pause: Duration?

    package init(_ kind: Kind, _ detail: String, pause: Duration? = nil) {
        self.kind = kind
        self.detail = detail
        self.pause = pause
    }

    package var description: String { detail }
}

/// The field `Retry-After`. Source: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// Nobody is left alone for longer, whatever the field says.
    private static let longest = 86_400.0

    static func pause(_ text: String, at now: Double) -> Duration? {
        guard let seconds = Double(text) ?? HTTPDate.seconds(of: text).map({ $0 - now }), seconds.isFinite else {
            return nil
        }
        return .milliseconds(Int64(min(max(seconds, 0), longest) * 1000))
    }
}

/// Dates such as `Wed, 21 Oct 2026 07:28:00 GMT`. Source: RFC 9110, section 5.6.7.
private enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970; `nil` where the text is no such date.
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
