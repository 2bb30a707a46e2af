import BambuMetrics
import MQTT
import Reactor

/// Makes connections to one broker, one at a time: waits for its turn, looks the name up, connects. Confined to the loop's
/// thread.
final class Dialer {
    /// Whom to connect to, and as whom.
    struct Target {
        let host: String
        let port: UInt16
        let user: String?
        let password: Secret?
        /// How many bytes may come before a message is complete; `nil` for the usual.
        var packetLimit: Int?
        /// Makes what judges the peer; `nil` for a connection without TLS. What it throws is the end of the attempt.
        let tls: () throws -> TLSContext?
    }

    enum Event {
        case connection(Connection.Event)
        /// There will be no connection, and why.
        case unreachable(Link.Failure, String)
    }

    /// How long a name server may take.
    private static let patience = Duration.seconds(10)

    private let around: PrinterSession.Surroundings
    private let onEvent: (Event) -> Void
    private var connection: Connection?
    /// Where the broker was connected to last.
    private(set) var address: SocketAddress?
    private var tls: TLSContext?
    private var ticket: Int?
    /// Tells the answer to this attempt's lookup from that to an earlier one.
    private var attempt = 0

    init(around: PrinterSession.Surroundings, onEvent: @escaping (Event) -> Void) {
        self.around = around
        self.onEvent = onEvent
    }

    /// Whether there is a connection, or one is being made over TCP.
    var hasConnection: Bool { connection != nil }

    /// The peer's certificate, once a handshake got to it.
    var peer: PeerCertificate? { tls?.peer }

    /// Connects as soon as there is room for one more.
    func dial(_ target: Target) {
        ticket = around.gate.enter { [weak self] in self?.resolve(target) }
    }

    /// Closes what there is. No event comes after it.
    func hangUp() {
        attempt += 1
        connection?.close()
        connection = nil
        tls = nil
        leaveGate()
    }

    func subscribe(_ topic: String) { connection?.subscribe(topic) }

    func unsubscribe(_ topic: String) { connection?.unsubscribe(topic) }

    func publish(_ topic: String, _ payload: [UInt8]) { connection?.publish(topic, payload) }

    private func resolve(_ target: Target) {
        attempt += 1
        let asked = attempt
        let loop = around.loop
        let answer = LoopBound { [weak self] (addresses: [SocketAddress]) in
            guard let self, self.isWaiting(since: asked) else { return }
            guard let address = addresses.first else {
                return self.giveUp(.dns, "no address is known for \(target.host)")
            }
            self.connect(to: address, target)
        }
        around.resolver.resolve(target.host, port: target.port) { addresses in
            loop.perform { answer.value(addresses) }
        }
        around.loop.schedule(after: Self.patience) { [weak self] in
            guard let self, self.isWaiting(since: asked) else { return }
            self.giveUp(.dns, "looking up \(target.host) took too long")
        }
    }

    private func isWaiting(since asked: Int) -> Bool { attempt == asked && ticket != nil && connection == nil }

    private func connect(to address: SocketAddress, _ target: Target) {
        guard !DescriptorReserve.isReached else {
            return giveUp(.network, "the limit of open files leaves no room for a connection")
        }
        var options = Connection.Options(
            clientID: "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36), user: target.user,
            password: target.password)
        options.keepAlive = .seconds(30)
        options.packetLimit = target.packetLimit ?? options.packetLimit
        do {
            let tls = try target.tls()
            let connection = try Connection(loop: around.loop, options: options, tls: tls) { [weak self] in
                self?.receive($0)
            }
            self.tls = tls
            self.address = address
            self.connection = connection
            connection.open(address)
        } catch {
            giveUp(.tls, "\(error)")
        }
    }

    private func receive(_ event: Connection.Event) {
        if case .accepted = event { leaveGate() }
        onEvent(.connection(event))
    }

    private func giveUp(_ failure: Link.Failure, _ reason: String) {
        hangUp()
        onEvent(.unreachable(failure, reason))
    }

    private func leaveGate() {
        guard let ticket else { return }
        self.ticket = nil
        around.gate.leave(ticket)
    }
}
