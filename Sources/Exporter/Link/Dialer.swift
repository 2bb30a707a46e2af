import BambuMetrics
import MQTT
import Reactor

/// Connects to one broker, one connection at a time: waits for a slot, resolves the name, connects.
///
/// Confined to the event loop's thread.
final class Dialer {
    struct Target {
        let host: String
        let port: UInt16
        let user: String?
        let password: Secret?
        /// The limit for incomplete messages, in bytes; `nil` for the default.
        var packetLimit: Int?
        /// Makes the context that checks the peer; `nil` for a connection without TLS. If it throws, the attempt fails.
        let tls: () throws -> TLSContext?
    }

    /// An attempt that ended before a connection was made.
    struct Unreachable {
        let failure: Link.Failure
        let reason: String
    }

    /// The limit for all addresses of a broker together.
    private static let limit = Duration.seconds(15)

    private let environment: ReactorEnvironment
    private let onEvent: (Connection.Event) -> Void
    private let onUnreachable: (Unreachable) -> Void
    private let attempts: AddressAttempts
    private var connection: Connection?
    private var tls: TLSContext?
    private var ticket: Int?

    init(
        environment: ReactorEnvironment, onEvent: @escaping (Connection.Event) -> Void,
        onUnreachable: @escaping (Unreachable) -> Void
    ) {
        self.environment = environment
        self.onEvent = onEvent
        self.onUnreachable = onUnreachable
        attempts = AddressAttempts(on: environment.loop, resolver: environment.resolver, limit: Self.limit)
    }

    /// The broker's address, or the one that was tried last.
    var address: SocketAddress? { attempts.address }

    /// The peer's certificate; `nil` before the handshake received it.
    var peer: PeerCertificate? { tls?.peer }

    /// Connects as soon as a slot is free.
    func connect(to target: Target) {
        ticket = environment.limiter.acquire { [weak self] in
            self?.attempts.begin(target.host, port: target.port) { [weak self] in self?.advance($0, target) }
        }
    }

    /// Closes the connection or cancels the attempt. No event follows.
    func disconnect() {
        attempts.cancel()
        connection?.close()
        connection = nil
        tls = nil
        releaseSlot()
    }

    func subscribe(_ topic: String) { connection?.subscribe(topic) }

    func unsubscribe(_ topic: String) { connection?.unsubscribe(topic) }

    func publish(_ topic: String, _ payload: [UInt8]) { connection?.publish(topic, payload) }

    private func advance(_ step: AddressAttempts.Step, _ target: Target) {
        switch step {
        case .attempt(let address, let limit): connect(to: address, within: limit, target)
        case .unresolved(let reason): giveUp(.dns, reason)
        }
    }

    private func connect(to address: SocketAddress, within limit: Duration, _ target: Target) {
        guard !DescriptorReserve.isReached else {
            return giveUp(.network, "the limit of open files is reached")
        }
        var options = Connection.Options(
            clientID: "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36), user: target.user,
            password: target.password)
        options.packetLimit = target.packetLimit ?? options.packetLimit
        options.deadline = limit
        do {
            let tls = try target.tls()
            let connection = try Connection(loop: environment.loop, options: options, tls: tls) { [weak self] in
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
            attempts.markReachable()
            releaseSlot()
        case .closed where connection?.isReached == false:
            if attempts.tryNext() { return }
        default: break
        }
        onEvent(event)
    }

    private func giveUp(_ failure: Link.Failure, _ reason: String) {
        disconnect()
        onUnreachable(Unreachable(failure: failure, reason: reason))
    }

    private func releaseSlot() {
        guard let ticket else { return }
        self.ticket = nil
        environment.limiter.release(ticket)
    }
}
