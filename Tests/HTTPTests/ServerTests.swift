import Glibc
import Platform
import Testing

@testable import HTTP

@Suite("Server")
struct ServerTests {
    @Test func `a connection serves several requests`() async throws {
        try await withServer { running in
            let client = try running.client()
            for path in ["/a", "/b", "/c"] {
                let answer = try client.get(path)
                #expect(answer.status == 200)
                #expect(answer.text == path)
                #expect(answer.headers["Connection"] == nil)
                #expect(answer.headers["Vary"] == "Accept")
            }
        }
    }

    @Test func `HEAD returns the headers of GET without a body`() async throws {
        try await withServer { running in
            let client = try running.client()
            let get = try client.get("/some/path")
            let head = try client.get("/some/path", method: "HEAD")
            #expect(head.headers == get.headers)
            #expect(head.headers["Content-Length"] == "10")
            #expect(try client.get("/next").text == "/next")
        }
    }

    @Test func `closes the connection after the response on request`() async throws {
        try await withServer { running in
            for (request, word) in [
                ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close"),
                ("GET / HTTP/1.0\r\n\r\n", "close"),
            ] {
                let client = try running.client()
                client.send(request)
                #expect(try client.answer().headers["Connection"] == word)
                #expect(client.isEnded())
            }
        }
    }

    @Test func `HTTP 1.0 keeps the connection open on request`() async throws {
        try await withServer { running in
            let client = try running.client()
            for _ in 0..<2 {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try client.answer().headers["Connection"] == "keep-alive")
            }
        }
    }

    @Test func `1000 pipelined requests are answered in order`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send((0..<1000).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for number in 0..<1000 { #expect(try client.answer().text == "/\(number)") }
        }
    }

    @Test func `a client that closed its sending side gets its response`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            client.finishSending()
            #expect(try client.answer().body.count == RunningServer.bigBody.count)
            #expect(client.isEnded())
        }
    }

    @Test func `answers a request sent byte by byte`() async throws {
        try await withServer { running in
            let client = try running.client()
            for byte in "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" { client.send(String(byte)) }
            #expect(try client.answer().text == "/slow")
        }
    }

    @Test func `a pipelining client that never reads is throttled`() async throws {
        try await withServer { running in
            let rude = try running.client(receiveBuffer: 4096)
            let requests = String(repeating: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", count: 10_000)
            var sent = 0
            while sent < 64 << 20 {
                let count = rude.sendWhatFits(requests)
                guard count > 0 else { break }
                sent += count
            }
            #expect(sent < 64 << 20)
            #expect(try running.client().get("/other").text == "/other")
        }
    }

    @Test func `a client that leaves mid-response does not affect others`() async throws {
        try await withServer { running in
            for _ in 0..<5 { _ = try running.slowReader() }
            #expect(try running.client().get().status == 200)
        }
    }

    @Test func `the access decision gets the client's address`() async throws {
        let accessControl = AccessControl(decision: { _, peer in .refuse(Response(.ok, text: peer.host)) })
        let server = Server(addresses: [try ListenAddress(":0")], accessControl: accessControl) { _ in
            Response(.ok, text: "not asked")
        }
        let port = try #require(try server.open().first).port
        try server.start()
        for host in ["127.0.0.1", "::1"] {
            // A machine without IPv6 listens on IPv4 only.
            guard let client = try? Client(SocketAddress(numeric: host, port: port)) else {
                #expect(host == "::1")
                continue
            }
            #expect(try client.get().text == host)
        }
        await server.stop(within: .zero)
    }

    @Test func `serves several addresses at once`() async throws {
        let addresses = try ["127.0.0.1:0", "127.0.0.1:0"].map { try ListenAddress($0) }
        let server = Server(addresses: addresses) { _ in Response(.ok, text: "") }
        let bound = try server.open()
        try server.start()
        #expect(Set(bound.map(\.port)).count == 2)
        for address in bound { #expect(try Client(address).get().status == 200) }
        await server.stop(within: .zero)
    }

    @Test func `an address in use is reported, and no other stays bound`() async throws {
        try await withServer { running in
            let text = running.address.text
            let addresses = try ["127.0.0.1:0", text].map { try ListenAddress($0) }
            let second = Server(addresses: addresses) { _ in Response(.ok, text: "") }
            let problem = "the port is in use; stop the other program or choose another port"
            #expect(throws: ListenError("cannot listen on \(text): \(problem)")) { try second.open() }
            await second.stop(within: .zero)
        }
    }

    @Test func `a port can be bound again right after a stop`() async throws {
        let first = Server(addresses: [try ListenAddress("127.0.0.1:0")]) { _ in Response(.ok, text: "first") }
        let address = try #require(try first.open().first)
        try first.start()
        let client = try Client(address)
        #expect(try client.get().text == "first")
        await first.stop(within: .zero)
        #expect(client.isEnded())
        let second = Server(addresses: [try ListenAddress(address.text)]) { _ in Response(.ok, text: "second") }
        try second.open()
        try second.start()
        #expect(try Client(address).get().text == "second")
        await second.stop(within: .zero)
    }

    @Test func `stop finishes responses, then closes everything`() async throws {
        try await withServer { running in
            let reader = try running.slowReader()
            let idle = try running.client()
            _ = try idle.get()
            running.server.stop(within: .seconds(30)) {}
            #expect(idle.isEnded())
            let late = try running.client()
            #expect(try late.get().headers["Connection"] == "close")
            #expect(late.isEnded())
            #expect(try reader.rest(of: RunningServer.bigBody.count).count == RunningServer.bigBody.count)
            #expect(reader.isEnded())
            await running.server.stop(within: .zero)
            #expect(throws: (any Error).self) { try running.client() }
        }
    }

    @Test func `stop aborts a slow reader at its limit`() async throws {
        try await withServer { running in
            let reader = try running.slowReader()
            await running.server.stop(within: .milliseconds(50))
            #expect(reader.isReset())
        }
    }
}
