import Glibc
import HTTP
import Reactor

/// A small MQTT broker for one printer, with faults that mosquitto cannot have.
///
/// It uses the printer's port while a fault lasts. Confined to its loop's thread.
final class FaultyBroker {
    private let loop: EventLoop
    private let tls: ServerTLS
    private let serial: String
    private let fault: Fault.Kind
    private let onRequest: (SimulatedRequest) -> Void
    private let server: LoopbackServer<FaultyBrokerConnection>
    /// Connections that get no answer.
    private var unanswered: [Int32] = []

    init(
        loop: EventLoop, printer: FleetPrinter, tls: ServerTLS, fault: Fault.Kind,
        onRequest: @escaping (SimulatedRequest) -> Void
    ) throws {
        self.loop = loop
        self.tls = tls
        serial = printer.serial
        self.fault = fault
        self.onRequest = onRequest
        server = try LoopbackServer(loop: loop, port: printer.port)
        try server.accept { [weak self] in self?.accept($0) }
    }

    func stop() {
        server.close()
        for descriptor in unanswered {
            loop.unwatch(descriptor)
            close(descriptor)
        }
        unanswered = []
    }

    func publish(_ payload: [UInt8]) {
        for connection in server.connections.values { connection.publish(payload, on: "device/\(serial)/report") }
    }

    private func accept(_ descriptor: Int32) {
        guard fault == .mutesTLS13 else { return serve(descriptor) }
        unanswered.append(descriptor)
        try? loop.watch(descriptor, for: .read) { [weak self] _ in self?.inspectHello(descriptor) }
    }

    /// Peeks at the ClientHello of a connection; the bytes stay in the socket.
    private func inspectHello(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_PEEK))
        loop.unwatch(descriptor)
        guard count > 0, !ClientHello.offersTLS13(bytes.prefix(count)) else { return }
        unanswered.removeAll { $0 == descriptor }
        serve(descriptor)
    }

    private func serve(_ descriptor: Int32) {
        server.serve {
            try FaultyBrokerConnection(
                loop: loop, descriptor: descriptor, tls: tls, fault: fault, onRequest: onRequest)
        }
    }
}
