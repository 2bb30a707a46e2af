/// What the simulated account is to be.
package struct AccountOptions: Sendable {
    /// How somebody signs in to it.
    package enum Way: String, Sendable, CaseIterable {
        /// The password is enough.
        case password
        /// A code by e-mail is wanted as well.
        case code
        /// A code from an authenticator is wanted as well.
        case authenticator
    }

    package var email = "maker@example.com"
    package var password = "simulated-password"
    package var way = Way.password
    /// What stands in the e-mail.
    package var mailedCode = "246810"
    /// What the authenticator shows.
    package var authenticatorCode = "135790"
    package var uid = 1_234_567
    /// Whether the token says who its owner is and when it ends, as those of an e-mail's code do.
    package var hasOpenToken = true
    /// The port of the REST interface; 0 for a free one.
    package var port: UInt16 = 0
    /// Whether the REST interface has TLS.
    package var isSecure = false

    /// The name that the token's owner has at the broker.
    var user: String { "u_\(uid)" }

    package init() {}
}
