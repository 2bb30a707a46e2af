import Glibc
import HTTP
import Reactor

/// Asks the exporter on this machine whether it is well, for `HEALTHCHECK` in a container that has no curl.
enum HealthCheck {
    /// Ends with 0 where one of the addresses answers as it should.
    static func run(_ options: Options) throws -> Int32 {
        let web = try options.webConfigFile.map { file throws(ConfigurationError) in
            try WebConfigurationLoader(file: file).load()
        }
        return try options.addresses.contains { try isHealthy(at: $0.text, overTLS: web?.tls != nil) } ? 0 : 1
    }

    private static func isHealthy(at text: String, overTLS: Bool) throws -> Bool {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return false
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        // What listens on every address listens on loopback too.
        let reachable = ["": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        guard let address = try? SocketAddress(numeric: reachable, port: port) else { return false }
        return try (overTLS ? askOverTLS(address) : ask(address)).hasPrefix("HTTP/1.1 200 ")
    }

    private static let request = Array(
        "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)

    /// The beginning of the answer; "" where there is none in time.
    private static func ask(_ address: SocketAddress) -> String {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 3, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else { return "" }
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return "" }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL))
        return String(decoding: answer.prefix(max(0, count)), as: UTF8.self)
    }

    /// The same over TLS.
    private static func askOverTLS(_ address: SocketAddress) throws -> String {
        let loop = try EventLoop()
        let answer = Locked("")
        // It asks the process beside it, whatever its certificate names.
        let tls = try TLSContext(name: "localhost", trust: .unverified, peer: .server)
        let stream = Handed()
        stream.value = TLSStream(loop: loop, tls: tls) { event in
            switch event {
            case .secured: stream.value?.send(request)
            case .received(let bytes):
                answer.withLock { $0 += String(decoding: bytes.prefix(64), as: UTF8.self) }
                loop.stop()
            case .closed: loop.stop()
            }
        }
        stream.value?.open(address)
        loop.schedule(after: .seconds(3)) { loop.stop() }
        loop.run()
        stream.value?.close()
        return answer.withLock { $0 }
    }

    /// Lends a stream to the closure that it calls.
    private final class Handed {
        var value: TLSStream?
    }
}
