import Platform
import Testing

@testable import HTTP

@Suite("Limits")
struct LimitTests {
    @Test func `the defaults match the documentation`() {
        let limits = Limits()
        #expect((limits.requestLine, limits.headers, limits.headerFields) == (8192, 16384, 64))
        #expect((limits.headTime, limits.requestTime) == (.seconds(5), .seconds(10)))
        #expect((limits.idleTime, limits.writeTime) == (.seconds(120), .seconds(30)))
        #expect((limits.connections, limits.answers) == (512, 40))
    }

    @Test func `returns 408 if the header is not complete in time`() async throws {
        try await withServer({ $0.headTime = .milliseconds(50) }) { running in
            let client = try running.client()
            client.send("GET / HT")
            let answer = try client.answer()
            #expect(answer.status == 408)
            #expect(answer.headers["Connection"] == "close")
            #expect(client.isEnded())
            #expect(running.rejections(.timeout) == 1)
        }
    }

    @Test func `closes a connection without a request`() async throws {
        try await withServer({ $0.headTime = .milliseconds(50) }) { running in
            let client = try running.client()
            #expect(client.isEnded())
            #expect(running.rejections(.timeout) == 1)
        }
    }

    @Test func `bytes that trickle do not extend the deadline`() async throws {
        try await withServer({ $0.headTime = .milliseconds(150) }) { running in
            let client = try running.client()
            let start = Instant.now()
            while !client.isReadable(within: 10), client.send("\n") { client.send("G") }
            #expect(Instant.now() - start < .seconds(5))
        }
    }

    @Test func `returns 408 if the request is not complete in time`() async throws {
        try await withServer({ $0.requestTime = .milliseconds(50) }) { running in
            let client = try running.client()
            client.send("GET / HTTP/1.1\r\n")
            #expect(try client.answer().status == 408)
        }
    }

    @Test func `the same limit applies to the second request`() async throws {
        try await withServer({ $0.headTime = .milliseconds(50) }) { running in
            let client = try running.client()
            #expect(try client.get().status == 200)
            client.send("GET / HTTP/1.1\r\n")
            #expect(try client.answer().status == 408)
        }
    }

    @Test func `closes an idle connection without counting a rejection`() async throws {
        try await withServer({ $0.idleTime = .milliseconds(50) }) { running in
            let client = try running.client()
            #expect(try client.get().status == 200)
            #expect(client.isEnded())
            #expect(running.server.rejections.values.allSatisfy { $0 == 0 })
        }
    }

    @Test func `drops a slow reader while a fast one gets everything`() async throws {
        // Long enough for 20 MB on a busy machine.
        try await withServer({ $0.writeTime = .seconds(2) }) { running in
            let slow = try running.slowReader()
            #expect(try running.client().get("/big").body == RunningServer.bigBody)
            #expect(slow.isReset())
            #expect(running.rejections(.slowReader) == 1)
        }
    }

    @Test func `above the connection limit, closes the one idle for longest`() async throws {
        try await withServer({ $0.connections = 3 }) { running in
            let clients = try (0..<3).map { _ in try running.client() }
            for client in clients { #expect(try client.get().status == 200) }
            #expect(try clients[0].get().status == 200)
            #expect(try running.client().get().status == 200)
            #expect(clients[1].isEnded())
            #expect(try clients[0].get().status == 200)
            #expect(running.rejections(.connections) == 1)
        }
    }

    @Test func `above the connection limit, closes answered ones first`() async throws {
        try await withServer({ $0.connections = 2 }) { running in
            let idle = try running.client()
            #expect(try idle.get().status == 200)
            let answered = try running.client()
            #expect(try answered.get(headers: "Connection: close\r\n").status == 200)
            #expect(try running.client().get().status == 200)
            #expect(try idle.get().status == 200)
        }
    }

    @Test func `returns 503 above the response limit, except if exempt`() async throws {
        try await withServer({ ($0.answers, $0.stallTime) = (1, .seconds(60)) }) { running in
            let slow = try running.slowReader()
            let other = try running.client()
            let answer = try other.get()
            #expect(answer.status == 503)
            #expect(answer.headers["Retry-After"] == "1")
            #expect(try other.get("/healthy").status == 200)
            #expect(running.rejections(.busy) == 1)
            _ = try slow.rest(of: RunningServer.bigBody.count)
            #expect(try other.get().status == 200)
        }
    }

    @Test(
        arguments: [
            ("GET\r\n", 400, .badRequest), ("GET /\(String(repeating: "a", count: 9000))", 414, .uriTooLong),
            ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 17_000))", 431, .headersTooLarge),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 413, .body),
            ("GET / HTTP/3.0\r\n", 505, .version),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417, .expectation),
        ] as [(String, Int, RejectionReason)])
    func `a rejected client gets the reason after sending 1 MB more`(
        text: String, status: Int, reason: RejectionReason
    ) async throws {
        try await withServer { running in
            let client = try running.client()
            client.send(text)
            #expect(client.send(String(repeating: "x", count: 1 << 20)))
            let answer = try client.answer()
            #expect(answer.status == status)
            #expect(answer.headers["Connection"] == "close")
            #expect(client.isEnded())
            #expect(running.rejections(reason) == 1)
        }
    }

    @Test func `drops a rejected client after a limit of further bytes`() async throws {
        try await withServer({ $0.drainBytes = 100_000 }) { running in
            let client = try running.client()
            var sent = 0
            while sent < 64 << 20, client.send("GET\r\n" + String(repeating: "x", count: 1 << 20)) { sent += 1 << 20 }
            #expect(sent < 64 << 20)
        }
    }

    @Test func `drops a rejected client that stays connected`() async throws {
        try await withServer({ $0.drainTime = .milliseconds(50) }) { running in
            let client = try running.client()
            client.send("GET\r\n")
            #expect(try client.answer().status == 400)
            #expect(client.isEnded())
            let start = Instant.now()
            while client.send("x"), Instant.now() - start < .seconds(10) { _ = client.isReadable(within: 10) }
            #expect(Instant.now() - start < .seconds(5))
        }
    }

    @Test func `answers a new client while slow ones hold all connections`() async throws {
        try await withServer({ $0.connections = 20 }) { running in
            let slow = try (0..<30).map { _ in try running.client() }
            for client in slow { client.send("GET / HTTP/1.1\r\nHost: ") }
            #expect(try running.client().get().status == 200)
            #expect(running.rejections(.connections) == 11)
        }
    }

    @Test func `clients that never read are dropped for another client`() async throws {
        try await withServer({ ($0.answers, $0.stallTime) = (40, .milliseconds(50)) }) { running in
            let slow = try (0..<40).map { _ in try running.slowReader() }
            let end = Instant.now() + .seconds(30)
            while try running.client().get().status != 200, Instant.now() < end {}
            #expect(try running.client().get().status == 200)
            #expect(running.rejections(.slowReader) >= 1)
            _ = slow
        }
    }

    @Test func `the client with most responses loses one to another address`() async throws {
        try await withServer({ ($0.answers, $0.stallTime) = (4, .seconds(60)) }) { running in
            let slow = try (0..<4).map { _ in try running.slowReader() }
            #expect(try running.client().get().status == 503)
            #expect(try running.client(from: "127.0.0.2").get().status == 200)
            #expect(running.rejections(.slowReader) == 1)
            _ = slow
        }
    }

    @Test func `small unread responses do not count against the limit`() async throws {
        try await withServer({ $0.answers = 2 }) { running in
            let many = try (0..<8).map { _ in try running.client(receiveBuffer: 4096) }
            let requests = String(
                repeating: "GET /\(String(repeating: "a", count: 1000)) HTTP/1.1\r\nHost: t\r\n\r\n", count: 2000)
            for client in many { _ = client.sendWhatFits(requests) }
            #expect(try running.client().get().status == 200)
            #expect(running.rejections(.busy) == 0)
        }
    }

    @Test func `a fair queue serves clients in turn, each in its order`() {
        var queue = FairQueue<String, Int>()
        for number in 0..<4 { queue.append(number, of: "greedy") }
        queue.append(10, of: "other")
        queue.append(11, of: "other")
        #expect(queue.count == 6 && queue.count(of: "greedy") == 4)
        var order: [Int] = []
        while let next = queue.popFirst() { order.append(next) }
        #expect(order == [0, 10, 1, 11, 2, 3])
        #expect(queue.count == 0 && queue.count(of: "other") == 0)
    }

    @Test func `every reason has a valid metric label`() {
        let labels = RejectionReason.allCases.map(\.rawValue)
        #expect(labels.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "_" } })
        #expect(labels.contains("bad_request") && labels.contains("slow_reader"))
    }

    @Test func `300 incomplete requests do not delay a complete one`() async throws {
        try await withServer { running in
            let slow = try (0..<300).map { _ in try running.client() }
            for client in slow { client.send("GET / HTTP/1.1\r\nHost: ") }
            let start = Instant.now()
            #expect(try running.client().get().status == 200)
            #expect(Instant.now() - start < .milliseconds(500))
            for client in slow.prefix(3) {
                client.send("a\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
        }
    }
}
