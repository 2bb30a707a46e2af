extension TLSStream {
    /// How a stream ended.
    package enum End: Error, Equatable, Sendable, CustomStringConvertible {
        /// The peer closed it.
        case finished
        /// It broke: the peer is gone, or the network.
        case broken(String)
        /// The address could not be reached.
        case unreachable(String)
        /// No answer to the attempt to connect, as the kernel found.
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
