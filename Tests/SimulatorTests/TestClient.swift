import MQTT
import Platform
import Reactor
import TLS

@testable import Simulator

/// An MQTT client on its own event loop, like an exporter.
final class TestClient: @unchecked Sendable {
    // Sendable, because only the loop's thread uses `connection`.

    enum Event: Sendable, Equatable {
        case secured(commonName: String)
        case accepted
        case subscribed(Bool)
        case message(topic: String, payload: [UInt8])
        case closed(ConnectionError)
    }

    private let thread: LoopThread
    private var connection: Connection?
    private var iterator: AsyncStream<Event>.AsyncIterator

    init(
        port: UInt16, name: String, accessCode: String, trust: CertificatePolicy?, deadline: Duration = .seconds(30),
        packetLimit: Int = 2 << 20
    ) throws {
        thread = try LoopThread()
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        iterator = stream.makeAsyncIterator()
        thread.loop.perform { [self] in
            do {
                var options = Connection.Options(clientID: "test", user: "bblp", password: Secret(accessCode))
                options.deadline = deadline
                options.packetLimit = packetLimit
                let connection = try Connection(
                    loop: thread.loop, options: options,
                    tls: try trust.map { try TLSContext(name: name, trust: $0, peer: .printer) }
                ) { event in continuation.yield(Self.converted(event)) }
                self.connection = connection
                connection.open(try SocketAddress(numeric: "127.0.0.1", port: port))
            } catch {
                continuation.yield(.closed(.network("\(error)")))
            }
        }
    }

    convenience init(_ printer: FleetPrinter, of fleet: SimulatedFleet, accessCode: String? = nil) throws {
        try self.init(
            port: printer.port, name: printer.serial, accessCode: accessCode ?? printer.accessCode,
            trust: .authority(try TrustStore(file: fleet.caFile)))
    }

    deinit {
        thread.end()
    }

    private static func converted(_ event: Connection.Event) -> Event {
        switch event {
        case .secured(let peer): .secured(commonName: peer.readableName)
        case .accepted: .accepted
        case .subscribed(_, let isGranted): .subscribed(isGranted)
        case .message(let message): .message(topic: message.topic, payload: message.payload)
        case .closed(let error): .closed(error)
        }
    }

    func next() async -> Event? {
        await iterator.next()
    }

    /// Returns the first event that matches; `nil` if the connection ends without one.
    func first(where matches: (Event) -> Bool) async -> Event? {
        while let seen = await next() {
            if matches(seen) { return seen }
            if case .closed = seen { return nil }
        }
        return nil
    }

    /// Returns why the connection ended; `nil` if the test was cancelled first.
    func failure() async -> ConnectionError? {
        guard case .closed(let error)? = await first(where: { if case .closed = $0 { true } else { false } }) else {
            return nil
        }
        return error
    }

    /// Returns the first message that contains `part`.
    func message(with part: String) async -> [UInt8]? {
        let found = await first { seen in
            guard case .message(_, let payload) = seen else { return false }
            return String(decoding: payload, as: UTF8.self).contains(part)
        }
        guard case .message(_, let payload)? = found else { return nil }
        return payload
    }

    func subscribe(_ topic: String) {
        thread.loop.perform { [self] in connection?.subscribe(topic) }
    }

    func publish(_ topic: String, _ text: String, qualityOfService: Int32 = 1) {
        thread.loop.perform { [self] in
            connection?.publish(topic, Array(text.utf8), qualityOfService: qualityOfService)
        }
    }

    func close() {
        thread.loop.perform { [self] in
            connection?.close()
            connection = nil
        }
        thread.end()
    }
}
