package import TLS
import VideoParsing

/// Why a probe of a camera failed.
package enum ProbeError: Error, Equatable, Sendable, CustomStringConvertible {
    case authentication
    /// Nothing listens at the address.
    case refused(String)
    case timedOut(String)
    case tls(String)
    /// The certificate was rejected; the access code was not sent.
    case certificate(CertificateProblem)
    /// Another viewer occupies the camera.
    case busy(String)
    /// The camera closed the connection instead of responding.
    case gaveUp(String)
    case violation(String)

    /// Calls a parser; its error is a violation of the protocol.
    static func check<Result>(_ parse: () throws(StreamViolation) -> Result) throws(ProbeError) -> Result {
        do throws(StreamViolation) {
            return try parse()
        } catch {
            throw .violation(error.description)
        }
    }

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
