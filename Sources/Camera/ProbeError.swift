package import TLS

/// Why a probe of a camera failed.
package enum ProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The camera rejected the access code.
    case authentication
    /// Nothing listens at the address.
    case refused(String)
    /// No response or no frame in time.
    case timedOut(String)
    case tls(String)
    /// The certificate was rejected; the access code was not sent.
    case certificate(CertificateProblem)
    /// Another viewer occupies the camera.
    case busy(String)
    /// The camera closed the connection instead of responding.
    case gaveUp(String)
    /// The camera violated the protocol.
    case violation(String)

    /// Whether no peer accepted the connection.
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
