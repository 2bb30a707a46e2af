extension TLSStream {
    package enum End: Error, Equatable, Sendable, CustomStringConvertible {
        /// The peer closed the connection.
        case finished
        /// The connection was lost, because of the peer or the network.
        case broken(String)
        case unreachable(String)
        /// The kernel timed out while connecting.
        case timedOut
        case certificate(CertificateProblem)
        /// The handshake failed for another reason.
        case tls(String)

        package var description: String {
            switch self {
            case .finished: "the connection was closed"
            case .broken(let reason): "the connection was lost (\(reason))"
            case .unreachable(let reason): "nothing listens there (\(reason))"
            case .timedOut: "no answer in time (connecting)"
            case .certificate(let problem): problem.description
            case .tls(let reason): "the TLS handshake failed: \(reason)"
            }
        }
    }
}
