import FoundationEssentials
import Reactor
import VideoParsing

/// Who a viewer is, and how a server wants it said.
struct RTSPCredentials {
    private let user = "bblp"
    private let accessCode: Secret
    private(set) var challenge: AuthenticationChallenge?
    /// Whether a nonce has been too old already.
    private var hasRenewed = false

    init(_ accessCode: Secret) {
        self.accessCode = accessCode
    }

    /// Takes a server's challenge, for another attempt.
    ///
    /// - Throws: where another makes no sense: only the first challenge is none, and the one that calls a nonce too old.
    mutating func take(_ new: AuthenticationChallenge) throws(ProbeError) {
        defer { challenge = new }
        guard challenge != nil else { return }
        guard case .digest(_, _, isStale: true) = new else { throw .authentication }
        // Once: whoever calls every nonce too old would be asked for ever.
        guard !hasRenewed else { throw .violation("it calls every nonce too old") }
        hasRenewed = true
    }

    /// The header `Authorization` of a request, line end included; "" where the server wants none.
    func header(_ method: String, _ url: String) -> String {
        switch challenge {
        case nil: return ""
        case .basic:
            let pair = Data("\(user):\(accessCode.revealed)".utf8).base64EncodedString()
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
