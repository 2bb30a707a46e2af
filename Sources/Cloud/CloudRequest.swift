package import Platform

/// A request to one of the account's hosts.
package struct CloudRequest: Sendable, Equatable {
    package enum Host: Sendable {
        /// The REST API.
        case api
        /// The website for signing in.
        case site
    }

    package var host = Host.api
    package var method = "GET"
    /// The path, with its leading slash and without a query.
    package var path: String
    package var query: [String: String] = [:]
    /// The JSON body. It is a secret, because a login contains a password.
    package var body: Secret?
    /// The account's token, if the request needs authorization.
    package var token: Secret?
    /// Additional header fields, used for signing in.
    package var headers: [String: Secret] = [:]

    package init(_ path: String, query: [String: String] = [:], token: Secret? = nil) {
        self.path = path
        self.query = query
        self.token = token
    }

    /// Creates a POST request with a JSON object of strings.
    package init(post path: String, _ members: [String: String], host: Host = .api, token: Secret? = nil) {
        self.host = host
        self.path = path
        self.token = token
        method = "POST"
        body = Secret(members.json)
    }
}
