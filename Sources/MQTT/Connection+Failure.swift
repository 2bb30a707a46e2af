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
            case MOSQ_ERR_KEEPALIVE.rawValue: return .timedOut(stage: "keep-alive")
            // libmosquitto's text says no more.
            case MOSQ_ERR_CONN_LOST.rawValue: return .network("the connection was lost")
            default: return .network("the connection was lost (\(reason))")
            }
        }
    }

    /// The meaning of the kernel's error of an attempt to connect.
    static func connectFailure(_ code: Int32) -> ConnectionError {
        switch code {
        case ECONNREFUSED: .refused("nothing listens there (\(SystemError.text(of: code)))")
        case ETIMEDOUT: .timedOut(stage: Stage.connecting.rawValue)
        default: .network(SystemError.text(of: code))
        }
    }
}
