import Glibc
import HTTP
import Reactor

/// A small MQTT broker for one printer, which misbehaves as mosquitto cannot. It takes the printer's port while a fault
/// lasts. Confined to its loop's thread.
final class FaultyBroker {
    enum Behaviour: Sendable {
        /// SUBACK refuses every subscription, as a broker with access rules does.
        case denySubscription
        /// The session is accepted and ended again, as by a printer that has too many.
        case kick
        /// A hello that offers TLS 1.3 is never answered; a session by TLS 1.2 works. A P2S on 01.02.00.00 does so.
        case muteForTLS13
    }

    private let loop: EventLoop
    private let port: UInt16
    private let tls: ServerTLS
    private let serial: String
    private let behaviour: Behaviour
    private let onRequest: (SimulatedRequest) -> Void
    private var listener: LoopbackListener?
    /// Connections that are never answered.
    private var muted: [Int32] = []
    private var sessions: [ObjectIdentifier: FaultyBrokerSession] = [:]

    init(
        loop: EventLoop, port: UInt16, tls: ServerTLS, serial: String, behaviour: Behaviour,
        onRequest: @escaping (SimulatedRequest) -> Void
    ) {
        self.loop = loop
        self.port = port
        self.tls = tls
        self.serial = serial
        self.behaviour = behaviour
        self.onRequest = onRequest
    }

    func start() throws {
        let listener = try LoopbackListener(loop: loop, port: port)
        self.listener = listener
        try listener.accept { [weak self] in self?.accept($0) }
    }

    func stop() {
        listener?.close()
        listener = nil
        for descriptor in muted {
            loop.unwatch(descriptor)
            close(descriptor)
        }
        muted = []
        for session in sessions.values { session.close() }
        sessions = [:]
    }

    /// Publishes a report of the printer.
    func publish(_ payload: [UInt8]) {
        for session in sessions.values { session.publish(payload, on: "device/\(serial)/report") }
    }

    private func accept(_ descriptor: Int32) {
        guard behaviour == .muteForTLS13 else { return serve(descriptor) }
        muted.append(descriptor)
        try? loop.watch(descriptor, for: .read) { [weak self] _ in self?.judge(descriptor) }
    }

    /// Reads the hello of a connection and leaves it in the socket.
    private func judge(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_PEEK))
        loop.unwatch(descriptor)
        guard count > 0, !ClientHello.offersTLS13(bytes.prefix(count)) else { return }
        muted.removeAll { $0 == descriptor }
        serve(descriptor)
    }

    private func serve(_ descriptor: Int32) {
        let session = try? FaultyBrokerSession(
            loop: loop, descriptor: descriptor, tls: tls, behaviour: behaviour, onRequest: onRequest
        ) { [weak self] in
            self?.sessions[ObjectIdentifier($0)] = nil
        }
        if let session { sessions[ObjectIdentifier(session)] = session }
    }
}
