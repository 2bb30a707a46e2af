import Glibc
import Platform
import Reactor
import Testing

@testable import Cloud

@Suite("Limits of responses", .timeLimit(.minutes(1)))
struct AnswerLimitTests {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    private static let lines = String(repeating: "X-Filler: 0123456789012345678901234567890123456789\r\n", count: 200)

    init() {
        for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
    }

    private func failure(
        of server: HostileServer, deadline: Duration = .seconds(20)
    ) async throws -> CloudFailure? {
        let result = try await RunningClient.send(CloudRequest("/x"), to: server.url, deadline: deadline)
        guard case .failure(let failure) = result else { return nil }
        return failure
    }

    @Test(arguments: [
        ("trailers", "\(head)2\r\n{}\r\n0\r\n", lines),
        ("header lines", "HTTP/1.1 200 OK\r\n", lines),
        ("one header line", "HTTP/1.1 200 OK\r\nX-Filler: ", String(repeating: "x", count: 10_000)),
        ("interim answers", "", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
        ("a chunk's extension", "\(head)2;x=", String(repeating: "x", count: 10_000)),
    ])
    func `an endless response is rejected before the deadline`(
        kind: String, beginning: String, piece: String
    ) async throws {
        let server = try HostileServer(beginning.isEmpty ? piece : beginning, then: piece)
        let failure = try #require(await failure(of: server), "\(kind)")
        #expect(failure.kind != .timeout, "\(kind): \(failure)")
    }

    @Test func `slow trailers end at the deadline`() async throws {
        let server = try HostileServer("\(Self.head)2\r\n{}\r\n0\r\n", then: "X: y\r\n", pause: 20_000)
        #expect(try await failure(of: server, deadline: .milliseconds(500))?.kind == .timeout)
    }

    @Test func `the deadline includes the name lookup`() async throws {
        let released = CountingSemaphore()
        defer { released.signal() }
        let result = try await RunningClient.send(
            CloudRequest("/x"), to: "https://slow.invalid", deadline: .milliseconds(300)
        ) { _ in
            released.wait()
            return []
        }
        guard case .failure(let failure) = result else { return #expect(Bool(false), "a response arrived") }
        #expect(failure.kind == .timeout)
    }

    @Test func `a missing libcurl is reported with the package to install`() async throws {
        let result = try await RunningClient.send(
            CloudRequest("/x"), to: "http://127.0.0.1:1", library: "libcurl-that-is-missing.so.4")
        guard case .failure(let failure) = result else { return #expect(Bool(false), "a response arrived") }
        #expect(failure.detail.contains("libcurl-that-is-missing.so.4 cannot be loaded"))
        #expect(failure.detail.hasSuffix("install the package libcurl4"))
    }

    @Test(arguments: ["192.0.2.1", "127.example", "127.0.0.1.example", "localhost.example", "[2001:db8::1]"])
    func `a token is not sent to another machine without TLS`(host: String) async throws {
        let result = try await RunningClient.send(
            CloudRequest("/x", token: Secret("t")), to: "http://\(host)")
        guard case .failure(let failure) = result else { return #expect(Bool(false), "a response arrived") }
        #expect(failure.detail == "the URL must be https, since its host is not this machine")
    }

    @Test func `requests use the addresses of the resolver`() async throws {
        let server = try HostileServer(
            "HTTP/1.1 204 No Content\r\nSet-Cookie: a=b; Path=/\r\nset-cookie: c=d\r\n\r\n", then: "x")
        let url = server.url.replacing("127.0.0.1", with: "localhost")
        let answer = try await RunningClient.send(CloudRequest("/x"), to: url) { host in
            host == "localhost" ? SocketAddress.resolve("127.0.0.1", port: 0) : []
        }.get()
        #expect(answer.status == 204 && answer.cookies == ["a": "b", "c": "d"])
    }
}
