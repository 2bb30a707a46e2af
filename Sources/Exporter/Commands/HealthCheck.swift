import Glibc
import HTTP
import Reactor

/// Asks the exporter on this machine whether it is well, for `HEALTHCHECK` in a container that has no curl.
enum HealthCheck {
    /// Ends with 0 where one of the addresses answers as it should.
    static func run(_ options: Options) -> Int32 {
        let texts = options.listenAddresses.isEmpty ? [Options.defaultAddress] : options.listenAddresses
        return texts.contains { isHealthy(at: $0) } ? 0 : 1
    }

    private static func isHealthy(at text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return false
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        // What listens on every address listens on loopback too.
        let reachable = ["": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        guard let address = try? SocketAddress(numeric: reachable, port: port) else { return false }
        return ask(address)
    }

    private static func ask(_ address: SocketAddress) -> Bool {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 3, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else { return false }
        let request = Array("GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL))
        return count > 0 && String(decoding: answer.prefix(count), as: UTF8.self).hasPrefix("HTTP/1.1 200 ")
    }
}
