package import Reactor

/// Why a look at a camera failed.
package enum ProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The camera refused the access code.
    case authentication
    /// Nothing listens at the address.
    case refused(String)
    /// No answer, or no picture, in time.
    case timedOut(String)
    case tls(String)
    /// The certificate is not the one it should be; the code was not sent.
    case certificate(CertificateProblem)
    /// Another viewer is in the way.
    case busy(String)
    /// The camera's server closed the connection instead of answering.
    case gaveUp(String)
    /// What came is not what such a camera sends.
    case violation(String)

    /// Whether nothing accepted the connection.
    package var isUnreached: Bool {
        switch self {
        case .refused, .timedOut(TLSStream.Stage.connecting.rawValue): true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .authentication: "the access code was refused"
        case .refused(let reason): reason
        case .timedOut(let what): "no answer in time (\(what))"
        case .tls(let reason): "the TLS handshake failed: \(reason)"
        case .certificate(let problem): problem.description
        case .busy(let reason): "another viewer seems to be connected: \(reason)"
        case .gaveUp(let reason), .violation(let reason): reason
        }
    }
}
