import Glibc
import Reactor
import Testing

@testable import MQTT

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    /// What a connection without an application on top of it comes to.
    private func end(
        port: UInt16, tls isTLS: Bool, deadline: Duration = .seconds(10), packetLimit: Int = 2 << 20
    ) throws -> (error: ConnectionError?, after: Duration, processorTime: Double) {
        let loop = try EventLoop()
        var error: ConnectionError?
        var options = Connection.Options(clientID: "test", user: "bblp", password: Secret("12345678"))
        options.deadline = deadline
        options.packetLimit = packetLimit
        let connection = try Connection(
            loop: loop, options: options, tls: isTLS ? try TLSContext(name: "S", trust: .unverified) : nil
        ) { event in
            guard case .closed(let reason) = event else { return }
            error = reason
            loop.stop()
        }
        let start = Instant.now()
        let before = Self.processorTime()
        connection.open(try SocketAddress(numeric: "127.0.0.1", port: port))
        loop.run()
        return (error, Instant.now() - start, Self.processorTime() - before)
    }

    /// Seconds of this thread on a processor.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(arguments: [true, false])
    func `a closed port is refused at once, with and without TLS`(isTLS: Bool) throws {
        let server = try TestServer { _ in }
        server.end()
        let (error, time, _) = try end(port: server.port, tls: isTLS)
        #expect(error == .refused("nothing listens there (Connection refused)"))
        #expect(time < .seconds(1))
    }

    @Test(arguments: [(true, "TLS handshake"), (false, "MQTT handshake")])
    func `a peer that accepts and never answers ends by the deadline, and costs nothing till then`(
        isTLS: Bool, stage: String
    ) throws {
        let server = try TestServer(TestServer.drain)
        let (error, time, processorTime) = try end(port: server.port, tls: isTLS, deadline: .milliseconds(400))
        #expect(error == .timedOut(stage: stage))
        #expect(time >= .milliseconds(400) && time < .seconds(2))
        #expect(processorTime < 0.1)
        server.end()
    }

    @Test(arguments: [true, false])
    func `a peer that hangs up in the TLS handshake ends it at once`(isReset: Bool) throws {
        let server = try TestServer { connection in
            var first = [UInt8](repeating: 0, count: 1)
            _ = read(connection, &first, 1)
            // Not to linger at all is a reset.
            var lingering = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        let (error, time, _) = try end(port: server.port, tls: true)
        // On loopback it may be over before the connection was seen to stand; then it looks refused.
        #expect(error != nil && error != .timedOut(stage: "TLS handshake"))
        #expect(time < .seconds(2))
        server.end()
    }

    @Test func `a peer that speaks another protocol ends the TLS handshake`() throws {
        let server = try TestServer { connection in
            let text = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            _ = send(connection, text, text.count, Int32(MSG_NOSIGNAL))
            TestServer.drain(connection)
        }
        let (error, _, _) = try end(port: server.port, tls: true)
        guard case .tls? = error else {
            Issue.record("it ended with \(String(describing: error))")
            return
        }
        server.end()
    }

    @Test(arguments: [(4, ConnectionError.authentication), (5, .authentication)])
    func `a refusal of user or password is told from others`(code: Int, wanted: ConnectionError) throws {
        let server = try TestServer { connection in
            var request = [UInt8](repeating: 0, count: 256)
            _ = read(connection, &request, request.count)
            let answer: [UInt8] = [0x20, 0x02, 0x00, UInt8(code)]
            _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            TestServer.drain(connection)
        }
        #expect(try end(port: server.port, tls: false).error == wanted)
        server.end()
    }

    @Test func `a broker that is not available refuses for another reason`() throws {
        let server = try TestServer { connection in
            var request = [UInt8](repeating: 0, count: 256)
            _ = read(connection, &request, request.count)
            let answer: [UInt8] = [0x20, 0x02, 0x00, 0x03]
            _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            TestServer.drain(connection)
        }
        guard case .refused? = try end(port: server.port, tls: false).error else {
            Issue.record("it was not refused")
            return
        }
        server.end()
    }
}
