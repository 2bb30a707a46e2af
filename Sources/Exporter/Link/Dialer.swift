import BambuMetrics
import MQTT
import Platform
import Reactor
import TLS

/// Connects to one broker, one connection at a time: waits for a slot, resolves the name, connects.
///
/// Confined to the event loop's thread.
final class Dialer {
    /// The limit for all addresses of a broker together.
    private static let limit = Duration.seconds(15)

    private let environment: ReactorEnvironment
    private let onEvent: (Connection.Event) -> Void
    private let onUnreachable: (Link.Failure, _ reason: String) -> Void
    private let attempts: AddressAttempts
    /// The current connection; `nil` while none is being opened or open.
    private(set) var connection: Connection?
    private var tls: TLSContext?
    private var ticket: Int?

    /// - Parameter onUnreachable: called when an attempt ended before a connection was made.
    init(
        environment: ReactorEnvironment, onEvent: @escaping (Connection.Event) -> Void,
        onUnreachable: @escaping (Link.Failure, _ reason: String) -> Void
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
    func connect(to broker: BrokerSession.Settings, as credentials: BrokerSession.Credentials) {
        ticket = environment.limiter.acquire { [weak self] in
            self?.attempts.begin(broker.host, port: broker.port) { [weak self] address, limit in
                var options = broker.options(as: credentials)
                options.deadline = limit
                self?.connect(to: address, of: broker, options)
            } onUnresolved: { [weak self] reason in
                self?.giveUp(.dns, reason)
            }
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

    private func connect(
        to address: SocketAddress, of broker: BrokerSession.Settings, _ options: Connection.Options
    ) {
        guard !DescriptorReserve.isReached else {
            return giveUp(.network, "the limit of open files is reached")
        }
        do {
            let tls = try broker.tls(in: environment)
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
        onUnreachable(failure, reason)
    }

    private func releaseSlot() {
        guard let ticket else { return }
        self.ticket = nil
        environment.limiter.release(ticket)
    }
}
