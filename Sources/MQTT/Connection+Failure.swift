import CMosquitto
import Glibc
import Reactor

extension Connection {
    /// What a code that libmosquitto returned means at this stage, with what TLS and the broker said meanwhile.
    func failure(_ code: Int32) -> ConnectionError {
        if let problem = tls?.problem { return .certificate(problem) }
        if tls?.isExhausted == true { return .oversize }
        if let refusal { return refusal }
        let reason =
            code == MOSQ_ERR_ERRNO.rawValue
            ? SystemError.text(of: errno) : mosquitto_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        switch stage {
        case .connecting where code == MOSQ_ERR_TLS.rawValue:
            // A peer that is quicker than we are answers while libmosquitto is still opening.
            return .tls(OpenSSLError.last() ?? "the connection was closed")
        case .connecting:
            return code == MOSQ_ERR_ERRNO.rawValue ? Self.connectFailure(errno) : .network(reason)
        case .handshake:
            return .tls(OpenSSLError.last() ?? "the connection was closed")
        case .greeting:
            return .network("the connection was closed before the broker answered")
        default:
            switch code {
            case MOSQ_ERR_KEEPALIVE.rawValue: return .timedOut(stage: "keep-alive")
            // libmosquitto's own words for it say no more.
            case MOSQ_ERR_CONN_LOST.rawValue: return .network("the connection was lost")
            default: return .network("the connection was lost (\(reason))")
            }
        }
    }

    /// What the kernel said of an attempt to connect.
    static func connectFailure(_ code: Int32) -> ConnectionError {
        switch code {
        case ECONNREFUSED: .refused("nothing listens there (\(SystemError.text(of: code)))")
        case ETIMEDOUT: .timedOut(stage: Stage.connecting.rawValue)
        default: .network(SystemError.text(of: code))
        }
    }

    /// Whether the TCP connection stands; ends this one where it failed.
    func connected() -> Bool {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            end(.network(SystemError.text(of: errno)))
            return false
        }
        // libmosquitto starts the TLS handshake before TCP stands. Where the peer has already refused, as on loopback,
        // that has taken the error away; what is left is a socket without a peer.
        if code == 0, !hasPeer { code = ECONNREFUSED }
        if code != 0 { end(Self.connectFailure(code)) }
        return code == 0
    }

    private var hasPeer: Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
        }
    }
}
