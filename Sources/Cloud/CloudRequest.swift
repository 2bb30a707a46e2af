import FoundationEssentials
package import Reactor

/// One request to the account: what is asked, of which of its hosts.
package struct CloudRequest: Sendable, Equatable {
    package enum Host: Sendable {
        /// The REST interface.
        case api
        /// The site that people sign in at.
        case site
    }

    package var host = Host.api
    package var method = "GET"
    /// From the slash on, without a query.
    package var path: String
    package var query: [String: String] = [:]
    /// JSON. A secret as a whole: a login has a password in it.
    package var body: Secret?
    /// The account's token, where the request is made in its name.
    package var token: Secret?
    /// Fields of the sign-in alone.
    package var headers: [String: Secret] = [:]

    package init(_ path: String, query: [String: String] = [:], token: Secret? = nil) {
        self.path = path
        self.query = query
        self.token = token
    }

    /// A POST of a JSON object of texts.
    package init(post path: String, _ members: [String: String], host: Host = .api, token: Secret? = nil) {
        self.host = host
        self.path = path
        self.token = token
        method = "POST"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts can always be encoded.
        body = Secret((try? encoder.encode(members)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
    }
}
