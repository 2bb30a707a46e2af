import HTTP
import Reactor

/// One client of a `FaultyBroker`, over TLS. Source of the packets: MQTT 3.1.1.
final class FaultyBrokerConnection: ServedConnection {
    private let fault: Fault.Kind
    private let onRequest: (SimulatedRequest) -> Void
    private var received: [UInt8] = []
    private var isSubscribed = false

    init(
        loop: EventLoop, descriptor: Int32, tls: ServerTLS, fault: Fault.Kind,
        onRequest: @escaping (SimulatedRequest) -> Void
    ) throws {
        self.fault = fault
        self.onRequest = onRequest
        try super.init(loop: loop, descriptor: descriptor, tls: tls)
    }

    /// Publishes with quality of service 0 if the client has subscribed.
    func publish(_ payload: [UInt8], on topic: String) {
        guard isSubscribed else { return }
        send(0x30, Self.text(topic) + payload)
    }

    override func receive(_ bytes: [UInt8]) {
        received += bytes
        while isOpen, let packet = nextPacket() { handle(packet.kind, packet.body) }
    }

    private func nextPacket() -> (kind: UInt8, body: [UInt8])? {
        var length = 0
        var position = 1
        while true {
            guard position < received.count, position < 5 else { return nil }
            length |= Int(received[position] & 0x7F) << (7 * (position - 1))
            position += 1
            if received[position - 1] & 0x80 == 0 { break }
        }
        guard received.count >= position + length else { return nil }
        defer { received.removeFirst(position + length) }
        return (received[0], Array(received[position..<(position + length)]))
    }

    private func handle(_ kind: UInt8, _ body: [UInt8]) {
        switch kind >> 4 {
        case 1:
            send(0x20, [0, 0])
            if fault == .kick { close() }
        case 3: receiveRequest(quality: kind >> 1 & 3, body)
        case 8:
            let isDenied = fault == .denySubscription
            send(0x90, Array(body.prefix(2)) + [isDenied ? 0x80 : 0])
            isSubscribed = !isDenied
        case 10: send(0xB0, Array(body.prefix(2)))
        case 12: send(0xD0, [])
        default: break
        }
    }

    private func receiveRequest(quality: UInt8, _ body: [UInt8]) {
        guard body.count >= 2 else { return }
        let header = 2 + Int(body[0]) << 8 + Int(body[1])
        let identifier = body.dropFirst(header).prefix(quality > 0 ? 2 : 0)
        if quality > 0 { send(0x40, Array(identifier)) }
        let payload = Array(body.dropFirst(header + identifier.count))
        onRequest(SimulatedRequest(payload: payload, qualityOfService: Int(quality)))
    }

    private func send(_ kind: UInt8, _ body: [UInt8]) {
        var head = [kind]
        var length = body.count
        repeat {
            head.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
            length >>= 7
        } while length > 0
        send(head + body)
    }

    private static func text(_ text: String) -> [UInt8] {
        [UInt8(truncatingIfNeeded: text.utf8.count >> 8), UInt8(truncatingIfNeeded: text.utf8.count)] + text.utf8
    }
}
