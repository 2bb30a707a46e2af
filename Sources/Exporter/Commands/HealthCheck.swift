import Glibc
import HTTP
import Reactor

/// Asks the exporter on this machine whether it is well, for `HEALTHCHECK` in a container that has no curl.
enum HealthCheck {
    /// Why no address answered as it should, a line for each.
    struct Unhealthy: Error, CustomStringConvertible {
        let description: String
    }

    private static let limit = Duration.seconds(3)

    /// Ends with 0 when one of the addresses answers as it should.
    ///
    /// - Throws: `Unhealthy`; `ConfigurationError` for a web configuration that cannot be read.
    static func run(_ options: Options) throws -> Int32 {
        let usesTLS = try options.webConfigFile.map { try WebConfigurationLoader(file: $0).load().tls != nil } ?? false
        let path = options.site.routePrefix + "/-/healthy"
        var problems: [String] = []
        for address in try options.addresses {
            guard let problem = problem(at: address.text, path, usesTLS) else { return 0 }
            problems.append("\(address.text): \(problem)")
        }
        throw Unhealthy(description: problems.joined(separator: "\n"))
    }

    /// What is wrong with the answer of an address; `nil` when it is as it should be.
    private static func problem(at text: String, _ path: String, _ usesTLS: Bool) -> String? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port != 0
        else {
            return "port 0 is another port with every start; name one to have it checked"
        }
        let host = text[..<colon].filter { $0 != "[" && $0 != "]" }
        // What listens on every address listens on loopback too.
        let reachable = ["": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host
        guard let address = try? SocketAddress(numeric: reachable, port: port) else { return "it is no address" }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        switch usesTLS ? askOverTLS(address, request) : ask(address, request) {
        case .failure(let problem): return problem.description
        case .success(let answer):
            let words = answer.prefix { $0 != "\r" }.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].hasPrefix("HTTP/1.") else {
                return
                    "it answers with something other than HTTP\(usesTLS ? "" : "; a listener with TLS needs --web.config.file")"
            }
            return words[1].hasPrefix("200") ? nil : "\(path) answers \(words[1])"
        }
    }

    /// The beginning of the answer.
    private static func ask(_ address: SocketAddress, _ request: [UInt8]) -> Result<String, Unhealthy> {
        func failure(_ what: String) -> Result<String, Unhealthy> {
            let code = errno
            let isLate = code == EAGAIN || code == EINPROGRESS
            return .failure(Unhealthy(description: "\(what): \(isLate ? "timed out" : SystemError.text(of: code))"))
        }
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return failure("no socket") }
        defer { close(descriptor) }
        var time = timeval(tv_sec: Int(limit.components.seconds), tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else { return failure("cannot connect") }
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return failure("cannot send")
        }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &answer, answer.count, Int32(MSG_WAITALL))
        guard count >= 0 else { return failure("no answer") }
        return .success(String(decoding: answer.prefix(count), as: UTF8.self))
    }

    /// The same over TLS. The exporter asks clients on its own machine for no certificate here.
    private static func askOverTLS(_ address: SocketAddress, _ request: [UInt8]) -> Result<String, Unhealthy> {
        let outcome = Locked<Result<String, Unhealthy>>(.failure(Unhealthy(description: "timed out")))
        do {
            let loop = try EventLoop()
            // It asks the process beside it, whatever its certificate names.
            let tls = try TLSContext(name: "localhost", trust: .unverified, peer: .server)
            let stream = LoopIsolated<TLSStream?>(nil)
            stream.value = TLSStream(loop: loop, tls: tls) { event in
                switch event {
                case .secured: stream.value?.send(request)
                case .received(let bytes):
                    // Head and body may come one after the other; the first bytes say all.
                    outcome.withLock { outcome in
                        guard case .failure = outcome else { return }
                        outcome = .success(String(decoding: bytes.prefix(64), as: UTF8.self))
                    }
                    loop.stop()
                case .closed(let reason):
                    outcome.withLock { outcome in
                        if case .failure = outcome { outcome = .failure(Unhealthy(description: "\(reason)")) }
                    }
                    loop.stop()
                }
            }
            stream.value?.open(address)
            loop.schedule(after: limit) { loop.stop() }
            loop.run()
            stream.value?.close()
        } catch {
            return .failure(Unhealthy(description: "\(error)"))
        }
        return outcome.withLock { $0 }
    }
}
