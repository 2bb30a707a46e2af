import Platform
import VideoParsing

/// The credentials of a viewer, and the server's authentication challenge.
struct RTSPCredentials {
    private let user = "bblp"
    private let accessCode: Secret
    private(set) var challenge: AuthenticationChallenge?
    /// Whether a stale nonce was already renewed.
    private var hasRenewed = false

    init(_ accessCode: Secret) {
        self.accessCode = accessCode
    }

    /// Stores a server's challenge for another attempt.
    ///
    /// - Throws: `ProbeError` if another attempt is useless: only the first challenge, and one with a stale nonce,
    ///   permit it.
    mutating func accept(_ new: AuthenticationChallenge) throws(ProbeError) {
        defer { challenge = new }
        guard challenge != nil else { return }
        guard case .digest(_, _, isStale: true) = new else { throw .authentication }
        // Renew once only, so that a server that calls every nonce stale cannot cause an endless loop.
        guard !hasRenewed else { throw .violation("it rejects every nonce as stale") }
        hasRenewed = true
    }

    /// The `Authorization` header of a request, including its line end; empty if the server requires none.
    func header(_ method: String, _ url: String) -> String {
        switch challenge {
        case nil: return ""
        case .basic:
            let pair = Base64.text(of: "\(user):\(accessCode.revealed)".utf8)
            return "Authorization: Basic \(pair)\r\n"
        case .digest(let realm, let nonce, _):
            guard let own = MD5.text(of: "\(user):\(realm):\(accessCode.revealed)"),
                let request = MD5.text(of: "\(method):\(url)"),
                let response = MD5.text(of: "\(own):\(nonce):\(request)")
            else { return "" }
            return """
                Authorization: Digest username="\(user)", realm="\(realm)", nonce="\(nonce)", uri="\(url)", \
                response="\(response)"\r\n
                """
        }
    }
}
