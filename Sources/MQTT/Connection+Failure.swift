import CMosquitto
import Glibc
import Reactor

extension Connection {
    /// The meaning of a code that libmosquitto returned at `stage`.
    ///
    /// - Parameter cause: `errno` as the call left it.
    static func failure(
        _ code: Int32, at stage: Stage, _ tls: TLSContext?, cause: Int32
    ) -> ConnectionError {
        if let problem = tls?.problem { return .certificate(problem) }
        if tls?.isExhausted == true { return .oversize }
        if stage != .open, let alert = tls?.alert { return .tls("the broker sent the alert \"\(alert)\"") }
        let reason =
            code == MOSQ_ERR_ERRNO.rawValue
            ? SystemError.text(of: cause) : mosquitto_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        switch stage {
        case .connecting where code == MOSQ_ERR_TLS.rawValue:
            // A quick peer answers while libmosquitto is still opening the connection.
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
            // libmosquitto's text says no more.
            case MOSQ_ERR_CONN_LOST.rawValue: return .network("the connection was lost")
            default: return .network("the connection was lost (\(reason))")
            }
        }
    }

    /// The failure of an attempt to connect; `nil` if the TCP connection stands.
    static func connectFailure(of descriptor: Int32) -> ConnectionError? {
        var code = SystemError.ofConnecting(descriptor)
        // libmosquitto starts the TLS handshake before TCP stands. If the peer has refused already, as on loopback,
        // that call has consumed the error, and only the missing peer shows it.
        if code == 0, SocketAddress(peerOf: descriptor) == nil { code = ECONNREFUSED }
        return code == 0 ? nil : connectFailure(code)
    }

    /// The meaning of the kernel's error of an attempt to connect.
    private static func connectFailure(_ code: Int32) -> ConnectionError {
        switch code {
        case ECONNREFUSED: .refused("nothing listens there (\(SystemError.text(of: code)))")
        case ETIMEDOUT: .timedOut(.connecting)
        default: .network(SystemError.text(of: code))
        }
    }

    /// The meaning of a code with which the broker refused the session.
    static func refusal(_ code: Int32) -> ConnectionError {
        let reason = mosquitto_connack_string(code).map { String(cString: $0) } ?? "code \(code)"
        return .refused("the broker refused the session: \(reason)")
    }
}
