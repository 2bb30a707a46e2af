import Glibc
import Platform
import Reactor
import TLS
import Testing

@testable import MQTT

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    /// The outcome of a connection without an application.
    private func end(
        port: UInt16, tls isTLS: Bool, deadline: Duration = .seconds(10), packetLimit: Int = 2 << 20
    ) throws -> (error: ConnectionError?, after: Duration, processorTime: Double) {
        let loop = try EventLoop()
        var error: ConnectionError?
        var options = Connection.Options(clientID: "test", user: "bblp", password: Secret("12345678"))
        options.deadline = deadline
        options.packetLimit = packetLimit
        let connection = try Connection(
            loop: loop, options: options,
            tls: isTLS ? try TLSContext(name: "S", trust: .unverified, peer: .printer) : nil
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

    /// The processor time of this thread, in seconds.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test(arguments: [true, false])
    func `reports a closed port immediately, with and without TLS`(isTLS: Bool) throws {
        let server = try TestServer { _ in }
        server.end()
        let (error, time, _) = try end(port: server.port, tls: isTLS)
        #expect(error == .refused("nothing listens there (Connection refused)"))
        #expect(time < .seconds(1))
    }

    @Test(arguments: [(true, Connection.Stage.handshake), (false, .greeting)])
    func `a silent peer ends at the deadline and uses no CPU until then`(
        isTLS: Bool, stage: Connection.Stage
    ) throws {
        let server = try TestServer(TestServer.drain)
        let (error, time, processorTime) = try end(port: server.port, tls: isTLS, deadline: .milliseconds(400))
        #expect(error == .timedOut(stage))
        #expect(time >= .milliseconds(400) && time < .seconds(2))
        #expect(processorTime < 0.1)
        server.end()
    }

    @Test(arguments: [true, false])
    func `a close during the TLS handshake is reported immediately`(isReset: Bool) throws {
        let server = try TestServer { connection in
            var first = [UInt8](repeating: 0, count: 1)
            _ = read(connection, &first, 1)
            // A linger time of 0 makes the close a reset.
            var lingering = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        }
        let (error, time, _) = try end(port: server.port, tls: true)
        // On loopback the connection may be over before it was seen as established; then it is reported as refused.
        #expect(error != nil && error != .timedOut(.handshake))
        #expect(time < .seconds(2))
        server.end()
    }

    @Test func `a peer with another protocol fails the TLS handshake`() throws {
        let server = try TestServer { connection in
            let text = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
            TestServer.send(text, to: connection)
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
    func `a rejected user or password is an authentication error`(code: Int, wanted: ConnectionError) throws {
        let server = try TestServer { connection in
            var request = [UInt8](repeating: 0, count: 256)
            _ = read(connection, &request, request.count)
            let answer: [UInt8] = [0x20, 0x02, 0x00, UInt8(code)]
            TestServer.send(answer, to: connection)
            TestServer.drain(connection)
        }
        #expect(try end(port: server.port, tls: false).error == wanted)
        server.end()
    }

    /// The actions of an event handler in a test.
    private struct Session {
        let connection: Connection
        let loop: EventLoop

        /// Closes the connection and ends the test.
        func end() {
            connection.close()
            loop.stop()
        }
    }

    /// The outcome of a session without TLS, after the broker of `play` has accepted it.
    private func session(
        _ options: (inout Connection.Options) -> Void = { _ in }, play: @escaping @Sendable (Int32) -> Void,
        onEvent: @escaping (Session, Connection.Event) -> Void
    ) throws -> ConnectionError? {
        let server = try TestServer { connection in
            var request = [UInt8](repeating: 0, count: 256)
            _ = read(connection, &request, request.count)
            TestServer.send([0x20, 0x02, 0x00, 0x00], to: connection)
            play(connection)
        }
        defer { server.end() }
        let loop = try EventLoop()
        var settings = Connection.Options(clientID: "test")
        options(&settings)
        var error: ConnectionError?
        var session: Connection?
        let connection = try Connection(loop: loop, options: settings, tls: nil) { event in
            if let session { onEvent(Session(connection: session, loop: loop), event) }
            guard case .closed(let reason) = event else { return }
            error = reason
            loop.stop()
        }
        session = connection
        connection.open(try SocketAddress(numeric: "127.0.0.1", port: server.port))
        loop.run()
        session = nil
        return error
    }

    @Test func `an incomplete packet above the limit ends the session`() throws {
        let error = try session {
            $0.packetLimit = 1 << 20
        } play: { connection in
            // The first 2 MB of a message of 200 MB on the topic "t"; the rest is never sent.
            TestServer.send([0x30, 0x80, 0x84, 0xAF, 0x5F, 0x00, 0x01, 0x74], to: connection)
            TestServer.send([UInt8](repeating: 0x20, count: 2 << 20), to: connection)
            TestServer.drain(connection)
        } onEvent: { _, _ in
        }
        #expect(error == .oversize)
    }

    @Test func `retained messages are not reported`() throws {
        var received: [String] = []
        _ = try session { connection in
            TestServer.send([0x31, 0x04, 0x00, 0x01, 0x74, 0x61], to: connection)
            TestServer.send([0x30, 0x04, 0x00, 0x01, 0x74, 0x62], to: connection)
        } onEvent: { _, event in
            guard case .message(let message) = event else { return }
            received.append(String(decoding: message.payload, as: UTF8.self))
        }
        #expect(received == ["b"])
    }

    @Test func `a handler may close when a subscription is rejected`() throws {
        let isRejected = Locked(false)
        let error = try session { connection in
            TestServer.receive(from: connection)
            TestServer.send([0x90, 0x03, 0x00, 0x01, 0x80], to: connection)
            TestServer.drain(connection)
        } onEvent: { session, event in
            switch event {
            case .accepted: session.connection.subscribe("t")
            case .subscribed("t", isGranted: false):
                isRejected.withLock { $0 = true }
                session.end()
            default: break
            }
        }
        #expect(error == nil && isRejected.withLock { $0 })
    }

    @Test func `a handler may close when a message arrives`() throws {
        let messages = Locked(0)
        let error = try session { connection in
            // Two messages in one segment: the second must not be reported after the close.
            TestServer.send([0x30, 0x04, 0x00, 0x01, 0x74, 0x61, 0x30, 0x04, 0x00, 0x01, 0x74, 0x62], to: connection)
            TestServer.drain(connection)
        } onEvent: { session, event in
            guard case .message = event else { return }
            messages.withLock { $0 += 1 }
            session.end()
        }
        #expect(error == nil && messages.withLock { $0 } == 1)
    }

    @Test func `a message at QoS 2 ends the session`() throws {
        let error = try session { connection in
            // PUBLISH at QoS 2 with id 1, then the PUBREL that releases it.
            TestServer.send([0x34, 0x06, 0x00, 0x01, 0x74, 0x00, 0x01, 0x61, 0x62, 0x02, 0x00, 0x01], to: connection)
            TestServer.drain(connection)
        } onEvent: { _, _ in
        }
        #expect(error == .network("the broker sent a message at QoS 2, which was not requested"))
    }

    @Test func `unreleased QoS 2 messages add up to the limit`() throws {
        let error = try session {
            $0.packetLimit = 1 << 20
        } play: { connection in
            let body = [UInt8](repeating: 0x20, count: 100_000)
            for id in 1...100 {
                let held = [0x34, 0xA5, 0x8D, 0x06, 0x00, 0x01, 0x74, 0x00, UInt8(id)] + body
                guard TestServer.send(held + [0x30, 0x04, 0x00, 0x01, 0x74, 0x61], to: connection) else { return }
            }
            TestServer.drain(connection)
        } onEvent: { _, _ in
        }
        #expect(error == .oversize)
    }

    @Test func `complete messages arrive beyond the limit in total`() throws {
        let bytes = Locked(0)
        let error = try session {
            $0.packetLimit = 1 << 20
        } play: { connection in
            let body = [UInt8](repeating: 0x20, count: 100_000)
            for _ in 1...100 { TestServer.send([0x30, 0xA3, 0x8D, 0x06, 0x00, 0x01, 0x74] + body, to: connection) }
        } onEvent: { _, event in
            guard case .message(let message) = event else { return }
            bytes.withLock { $0 += message.payload.count }
        }
        #expect(error == .network("the connection was lost") && bytes.withLock { $0 } == 10_000_000)
    }

    @Test func `too many unacknowledged requests end the session`() throws {
        // Packet type, length, topic with its length, message id.
        let size = 1 + 1 + 3 + 2
        let received = Locked(0)
        let error = try session {
            $0.unacknowledgedLimit = 60
        } play: { connection in
            var chunk = [UInt8](repeating: 0, count: 4096)
            while case let count = read(connection, &chunk, chunk.count), count > 0 {
                let all = received.withLock {
                    $0 += count
                    return $0
                }
                if all == 60 * size { TestServer.send([0x30, 0x03, 0x00, 0x01, 0x74], to: connection) }
            }
        } onEvent: { session, event in
            switch event {
            case .accepted: for _ in 0..<60 { session.connection.publish("t", []) }
            case .message: session.connection.publish("t", [])
            default: break
            }
        }
        #expect(error == .network("60 requests were not acknowledged"))
        #expect(received.withLock { $0 } == 60 * size)
    }

    @Test func `an unavailable broker is not an authentication error`() throws {
        let server = try TestServer { connection in
            var request = [UInt8](repeating: 0, count: 256)
            _ = read(connection, &request, request.count)
            let answer: [UInt8] = [0x20, 0x02, 0x00, 0x03]
            TestServer.send(answer, to: connection)
            TestServer.drain(connection)
        }
        guard case .refused? = try end(port: server.port, tls: false).error else {
            Issue.record("it was not refused")
            return
        }
        server.end()
    }
}
