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
    package var after = Duration.zero
    /// `nil`: to the end.
    package var lasting: Duration?

    package init(_ kind: Kind, api: String? = nil) {
        self.kind = kind
        self.api = api
    }

    /// Reads `KIND[@API][,after=30s][,for=20s]`.
    package init(parsing text: String) throws(SimulatorError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: "@", maxSplits: 1)
        guard let kind = Kind(rawValue: String(head.first ?? "")) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--cloud-fault=\(text): \"\(head.first ?? "")\" is no fault; there are \(known)")
        }
        self.init(kind, api: head.count > 1 ? String(head[1]) : nil)
        if let api, !SimulatedAccount.apis.contains(api) {
            let known = SimulatedAccount.apis.joined(separator: ", ")
            throw .usage("--cloud-fault=\(text): there is no \"\(api)\"; there are \(known)")
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let duration = DurationText.parse(pair[1]), ["after", "for"].contains(pair[0]) else {
                throw .usage("--cloud-fault=\(text): \"\(part)\" is neither after=DURATION nor for=DURATION")
            }
            if pair[0] == "after" { after = duration } else { lasting = duration }
        }
    }
}
