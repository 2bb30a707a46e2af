/// The properties of the simulated account.
package struct AccountOptions: Sendable {
    /// How to sign in to it.
    package enum Way: String, Sendable, CaseIterable {
        /// The password is enough.
        case password
        /// A code by e-mail is required too.
        case code
        /// A code from an authenticator is required too.
        case authenticator
    }

    package var email = "maker@example.com"
    package var password = "simulated-password"
    package var way = Way.password
    /// The code in the e-mail.
    package var mailedCode = "246810"
    /// The code that the authenticator shows.
    package var authenticatorCode = "135790"
    package var uid = 1_234_567
    /// Whether the token names its owner and its end, as tokens for an e-mail's code do.
    package var hasOpenToken = true
    /// The port of the REST interface; 0 for a free one.
    package var port: UInt16 = 0
    /// Whether the REST interface has TLS.
    package var isSecure = false

    /// The name that the token's owner has at the broker.
    var user: String { "u_\(uid)" }

    package init() {}
}
