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

    /// How long a broker may take to accept the session, at all of its addresses together.
    private static let limit = Duration.seconds(15)

    private let around: PrinterSession.Surroundings
    private let onEvent: (Event) -> Void
    private let approach: Approach
    private var connection: Connection?
    private var tls: TLSContext?
    private var ticket: Int?

    init(around: PrinterSession.Surroundings, onEvent: @escaping (Event) -> Void) {
        self.around = around
        self.onEvent = onEvent
        approach = Approach(on: around.loop, resolver: around.resolver, limit: Self.limit)
    }

    /// Whether there is a connection, or one is being made over TCP.
    var hasConnection: Bool { connection != nil }

    /// Where the broker was looked for last; where it is, while there is a session.
    var address: SocketAddress? { approach.address }

    /// The peer's certificate, once a handshake got to it.
    var peer: PeerCertificate? { tls?.peer }

    /// Connects as soon as there is room for one more.
    func dial(_ target: Target) {
        ticket = around.gate.enter { [weak self] in
            self?.approach.begin(target.host, port: target.port) { [weak self] in self?.take($0, target) }
        }
    }

    /// Closes what there is. No event comes after it.
    func hangUp() {
        approach.cancel()
        connection?.close()
        connection = nil
        tls = nil
        leaveGate()
    }

    func subscribe(_ topic: String) { connection?.subscribe(topic) }

    func unsubscribe(_ topic: String) { connection?.unsubscribe(topic) }

    func publish(_ topic: String, _ payload: [UInt8]) { connection?.publish(topic, payload) }

    private func take(_ step: Approach.Step, _ target: Target) {
        switch step {
        case .attempt(let address, let limit): connect(to: address, within: limit, target)
        case .lost(let reason): giveUp(.dns, reason)
        }
    }

    private func connect(to address: SocketAddress, within limit: Duration, _ target: Target) {
        guard !DescriptorReserve.isReached else {
            return giveUp(.network, "the limit of open files leaves no room for a connection")
        }
        var options = Connection.Options(
            clientID: "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36), user: target.user,
            password: target.password)
        options.keepAlive = .seconds(30)
        options.packetLimit = target.packetLimit ?? options.packetLimit
        options.deadline = limit
        do {
            let tls = try target.tls()
            let connection = try Connection(loop: around.loop, options: options, tls: tls) { [weak self] in
                self?.receive($0)
            }
            self.tls = tls
            self.connection = connection
            connection.open(address)
        } catch {
            giveUp(.tls, "\(error)")
        }
    }

    private func receive(_ event: Connection.Event) {
        switch event {
        case .accepted:
            approach.noteAnswer()
            leaveGate()
        case .closed where connection?.isReached == false:
            if approach.goOn() { return }
        default: break
        }
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
