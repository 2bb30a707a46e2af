import CMosquitto
import Glibc
import Platform
import TLS

extension Connection {
    /// Maps a result code of libmosquitto at `stage` to an error.
    ///
    /// - Parameter cause: The `errno` that the call left.
    static func failure(
        _ code: Int32, at stage: Stage, _ tls: TLSContext?, cause: Int32
    ) -> ConnectionError {
        if let problem = tls?.problem { return .certificate(problem) }
        if tls?.isExhausted == true { return .oversize }
        if stage != .open, let alert = tls?.alert { return .tls("the broker sent the alert \"\(alert)\"") }
        if stage != .open, tls?.isCertificateRequested == true {
            return .tls("the connection was closed after the broker asked for a client certificate")
        }
        let reason =
            code == MOSQ_ERR_ERRNO.rawValue
            ? SystemError.text(of: cause) : mosquitto_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        switch stage {
        case .connecting where code == MOSQ_ERR_TLS.rawValue:
            // A fast peer may answer while libmosquitto is still connecting.
            return .tls(OpenSSLError.last() ?? "the connection was closed")
        case .connecting:
            return code == MOSQ_ERR_ERRNO.rawValue ? connectFailure(cause) : .network(reason)
        case .handshake:
            return .tls(OpenSSLError.last() ?? "the connection was closed")
        case .greeting:
            return .network("the connection was closed before the broker answered")
        default:
            switch code {
            case MOSQ_ERR_KEEPALIVE.rawValue: return .timedOut(.open)
            // libmosquitto's text adds nothing.
            case MOSQ_ERR_CONN_LOST.rawValue: return .network("the connection was lost")
            default: return .network("the connection was lost (\(reason))")
            }
        }
    }

    /// The error of connecting; `nil` if the TCP connection is established.
    static func connectFailure(of descriptor: Int32) -> ConnectionError? {
        var code = SystemError.ofConnecting(descriptor)
        // libmosquitto starts the TLS handshake before TCP is connected. If the peer has already refused, as on
        // loopback, that call has consumed the error, and only `getpeername` still shows it.
        if code == 0, SocketAddress(peerOf: descriptor) == nil { code = ECONNREFUSED }
        return code == 0 ? nil : connectFailure(code)
    }

    private static func connectFailure(_ code: Int32) -> ConnectionError {
        switch code {
        case ECONNREFUSED: .refused("nothing listens there (\(SystemError.text(of: code)))")
        case ETIMEDOUT: .timedOut(.connecting)
        default: .network(SystemError.text(of: code))
        }
    }

    /// Maps a CONNACK code that rejects the session.
    static func refusal(_ code: Int32) -> ConnectionError {
        let reason = mosquitto_connack_string(code).map { String(cString: $0) } ?? "code \(code)"
        return .refused("the broker refused the session: \(reason)")
    }
}
