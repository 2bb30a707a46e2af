package struct AccountOptions: Sendable {
    package enum SignInMethod: String, Sendable, CaseIterable {
        /// The methods after `password` require a code by e-mail or from an authenticator as well.
        case password, code, authenticator
    }

    package var email = "maker@example.com"
    package var password = "simulated-password"
    package var signInMethod = SignInMethod.password
    package var mailedCode = "246810"
    package var authenticatorCode = "135790"
    package var uid = 1_234_567
    /// Whether the token contains its owner and expiry, like tokens from a sign-in with an e-mailed code.
    package var hasOpenToken = true
    /// The port of the REST API; 0 for a free port.
    package var port: UInt16 = 0
    package var isSecure = false

    var user: String { "u_\(uid)" }

    package init() {}
}
