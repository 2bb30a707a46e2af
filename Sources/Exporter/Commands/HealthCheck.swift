import Glibc
import HTTP
import Platform
import Reactor
import TLS

/// Probes the exporter on this machine, for `HEALTHCHECK` in containers without curl.
enum HealthCheck {
    private static let limit = Duration.seconds(3)

    /// Returns 0 if one of the addresses is healthy.
    ///
    /// - Throws: `CommandError` with a problem per address; `ConfigurationError` if the web configuration cannot be read.
    static func run(_ options: Options) throws -> Int32 {
        let usesTLS = try options.webConfigFile.map { try WebConfiguration(file: $0).tls != nil } ?? false
        let path = options.site.routePrefix + "/-/healthy"
        var problems: [String] = []
        for address in try options.addresses {
            guard let problem = problem(at: address, path, usesTLS) else { return 0 }
            problems.append("\(address.text): \(problem)")
        }
        throw CommandError(problems.joined(separator: "\n"))
    }

    /// Probes one address. Returns the problem; `nil` if it is healthy.
    private static func problem(at wanted: ListenAddress, _ path: String, _ usesTLS: Bool) -> String? {
        guard let bound = wanted.candidates.last, bound.port != 0 else {
            return "port 0 changes with every start. Set a fixed port to check it"
        }
        // A listener on all addresses is also reachable on loopback.
        let reachable = ["0.0.0.0": "127.0.0.1", "::": "::1"][bound.host] ?? bound.host
        guard let address = try? SocketAddress(numeric: reachable, port: bound.port) else { return "invalid address" }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        do {
            let answer = try usesTLS ? sendOverTLS(request, to: address) : send(request, to: address)
            let words = answer.prefix { $0 != "\r" }.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].hasPrefix("HTTP/1.") else {
                return
                    "the response is not HTTP\(usesTLS ? "" : ". If the listener uses TLS, set --web.config.file")"
            }
            return words[1].hasPrefix("200") ? nil : "\(path) returns \(words[1])"
        } catch {
            return "\(error)"
        }
    }

    /// Sends a request and returns the beginning of the response.
    private static func send(_ request: [UInt8], to address: SocketAddress) throws -> String {
        func failure(_ what: String) -> CommandError {
            let code = errno
            let isLate = code == EAGAIN || code == EINPROGRESS
            return CommandError("\(what): \(isLate ? "timed out" : SystemError.text(of: code))")
        }
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("cannot create a socket") }
        defer { close(descriptor) }
        var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else { throw failure("cannot connect") }
        guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw failure("cannot send")
        }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL))
        guard count >= 0 else { throw failure("no response") }
        return String(decoding: answer.prefix(count), as: UTF8.self)
    }

    /// As `send`, over TLS. The listener requires no client certificate for this path from its own machine.
    private static func sendOverTLS(_ request: [UInt8], to address: SocketAddress) throws -> String {
        let loop = try EventLoop()
        // The listener is on this machine; its certificate may have another name.
        let tls = try TLSContext(name: "localhost", trust: .unverified, peer: .server)
        var (answer, problem) = ("", "timed out")
        var stream: TLSStream?
        stream = TLSStream(loop: loop, tls: tls) { event in
            switch event {
            case .secured: stream?.send(request)
            case .received(let bytes):
                // The first bytes, with the status line, are enough.
                if answer.isEmpty { answer = String(decoding: bytes.prefix(64), as: UTF8.self) }
                loop.stop()
            case .closed(let reason):
                problem = "\(reason)"
                loop.stop()
            }
        }
        stream?.open(address)
        loop.schedule(after: limit) { loop.stop() }
        loop.run()
        stream?.close()
        guard !answer.isEmpty else { throw CommandError(problem) }
        return answer
    }
}
