/// Something that goes wrong with the simulated account's REST interface, for a while.
package struct CloudFault: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// 401, code 4: the token has expired or was revoked.
        case refused
        /// 401 without a reason.
        case unauthorized
        /// 403 with a page of Cloudflare.
        case cloudflare
        /// 403, code 8: not permitted to this account.
        case forbidden
        /// 418, as a limiter says it.
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
        /// 200 with an answer without end.
        case flood
        /// One byte a second.
        case drip
        /// No answer.
        case hang
        /// The connection is closed in the place of an answer.
        case cut
        /// 302 to another host.
        case redirect
    }

    package let kind: Kind
    /// The part of the interface, such as `bind`; `nil` for all of it but the sign-in.
    package var api: String?
    package var times = FaultTimes()

    package init(_ kind: Kind, api: String? = nil) {
        self.kind = kind
        self.api = api
    }

    /// Reads `KIND[@API][,after=30s][,for=20s]`.
    package init(parsing text: String) throws(SimulatorError) {
        let (name, api, times) = try FaultTimes.parse(text, of: "--cloud-fault")
        guard let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--cloud-fault=\(text): \"\(name)\" is no fault; there are \(known)")
        }
        if let api, !SimulatedAccount.apis.contains(api) {
            let known = SimulatedAccount.apis.joined(separator: ", ")
            throw .usage("--cloud-fault=\(text): there is no \"\(api)\"; there are \(known)")
        }
        self.init(kind, api: api)
        self.times = times
    }
}
