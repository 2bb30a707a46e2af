import FoundationEssentials

/// What the account answered, whatever it is.
package struct CloudResponse: Sendable, CustomStringConvertible {
    package let status: Int
    /// Names in lower case.
    package let headers: [String: String]
    /// What `Set-Cookie` fields set.
    package let cookies: [String: String]
    package let body: [UInt8]

    package init(status: Int, headers: [String: String] = [:], cookies: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.cookies = cookies
        self.body = body
    }

    /// What it holds may be a token.
    package var description: String { "HTTP \(status), \(body.count) bytes" }

    /// What most answers have beside their contents. Source: OpenBambuAPI cloud-http.md.
    struct Envelope: Decodable {
        var code: Int?
        var hasError = false

        private enum Key: String, CodingKey { case code, error }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            code = (try? container.decodeIfPresent(Int.self, forKey: .code)) ?? nil
            if let error = (try? container.decodeIfPresent(String.self, forKey: .error)) ?? nil {
                hasError = !error.isEmpty
            } else {
                let isNull = (try? container.decodeNil(forKey: .error)) ?? true
                hasError = container.contains(.error) && !isNull
            }
        }
    }

    /// `nil` where the body is no object of JSON.
    var envelope: Envelope? { try? JSONDecoder().decode(Envelope.self, from: Data(body)) }

    private var start: String { String(decoding: body.prefix(4096), as: UTF8.self).lowercased() }

    private var isPage: Bool {
        headers["content-type"]?.lowercased().contains("text/html") == true
            || start.first { !$0.isWhitespace } == "<"
    }

    /// Whether Cloudflare answered in the account's place.
    private var isFromCloudflare: Bool {
        if headers["cf-mitigated"] != nil { return true }
        return ["cloudflare", "just a moment", "error code: 1010"].contains { start.contains($0) }
    }

    /// What is wrong with the answer; `nil` where nothing is, as far as can be seen without knowing what was asked.
    ///
    /// None of the answer's own words are in it: nobody knows what they echo. Source: bambuddy bambu_cloud.py:35-59.
    ///
    /// - Parameter now: seconds since 1970, for a `Retry-After` that is a date.
    package func failure(at now: Double) -> CloudFailure? {
        let pause = headers["retry-after"].flatMap { RetryAfter.pause($0, at: now) }
        func failed(_ kind: CloudFailure.Kind, _ detail: String) -> CloudFailure {
            CloudFailure(kind, "HTTP \(status), \(detail)", pause: pause)
        }
        switch status {
        case 200..<300:
            if isPage { return isFromCloudflare ? failed(.limited, "a page of Cloudflare") : failed(.shape, "a page") }
            guard let envelope else { return failed(.shape, "an answer that is no JSON object") }
            guard envelope.hasError else { return nil }
            if envelope.code == 4 { return failed(.refused, "code 4: the token has expired or was revoked") }
            return failed(.server, "an error" + (envelope.code.map { " of code \($0)" } ?? ""))
        case 401:
            if envelope?.code == 4 { return failed(.refused, "code 4: the token has expired or was revoked") }
            return failed(.unauthorized, "without saying that the token is refused")
        case 403 where !isPage && envelope?.code == 8:
            return failed(.forbidden, "code 8: not permitted to this account")
        case 403: return failed(.limited, isFromCloudflare || isPage ? "a page of Cloudflare" : "turned away")
        case 418, 429: return failed(.limited, "too many requests")
        case 503 where headers["cf-ray"] != nil || isFromCloudflare:
            return failed(.limited, "turned away by Cloudflare")
        case 500...: return failed(.server, "a failure of the server")
        case 300..<400: return failed(.server, "sent elsewhere, which is not followed")
        default: return failed(.server, "which was not expected")
        }
    }
}
