package import TLS

/// Why a connection to a broker failed or ended.
package enum ConnectionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The broker rejected user or password: CONNACK 4 or 5.
    case authentication
    /// The peer's certificate was rejected; the password was not sent.
    case certificate(CertificateProblem)
    /// The TLS handshake failed for another reason.
    case tls(String)
    /// Nothing listens at the address, or the broker rejected the session: CONNACK 1, 2 or 3.
    case refused(String)
    case timedOut(Connection.Stage)
    /// The connection failed or was lost.
    case network(String)
    /// A packet is larger than `Connection.Options.packetLimit`.
    case oversize

    package var description: String {
        switch self {
        case .authentication: "the access code or password was refused"
        case .certificate(let problem): problem.description
        case .tls(let reason): "the TLS handshake failed: \(reason)"
        case .refused(let reason): reason
        case .timedOut(let stage): "no answer in time (\(stage.rawValue))"
        case .network(let reason): reason
        case .oversize: "it sent a packet larger than the limit"
        }
    }
}
