import CMosquitto
import CShim
import Reactor

extension Connection {
    /// The connection behind the pointer that libmosquitto hands to its callbacks.
    private static func connection(_ user: UnsafeMutableRawPointer?) -> Connection? {
        user.map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Has libmosquitto call this connection; on the loop's thread, from within the calls of the loop.
    func setCallbacks() {
        mosquitto_connect_callback_set(client) { _, user, code in
            Connection.connection(user)?.answered(code)
        }
        mosquitto_subscribe_callback_set(client) { _, user, _, count, granted in
            guard let connection = Connection.connection(user), connection.stage == .open else { return }
            connection.onEvent(.subscribed(granted: count > 0 && granted?.pointee ?? 128 < 3))
        }
        mosquitto_publish_callback_set(client) { _, user, _ in
            Connection.connection(user)?.unacknowledged -= 1
        }
        mosquitto_message_callback_set(client) { _, user, message in
            guard let connection = Connection.connection(user), connection.stage == .open else { return }
            guard let message = message?.pointee, let topic = message.topic else { return }
            connection.noteMessage()
            // Somebody said it at some time: that is no sign of a printer that is there.
            guard !message.retain else { return }
            connection.messageQualityOfService = message.qos
            connection.onEvent(
                .message(
                    topic: String(cString: topic),
                    payload: UnsafeRawBufferPointer(start: message.payload, count: Int(max(0, message.payloadlen)))))
        }
    }

    /// A message is complete: the next one may be as large.
    private func noteMessage() {
        guard let tls else {
            receivedBefore = shim_bytes_received(descriptor)
            return
        }
        tls.allow(turn: Self.turnLimit, message: options.packetLimit)
    }

    /// The broker answered CONNECT.
    private func answered(_ code: Int32) {
        secured()
        guard stage == .greeting else { return }
        switch code {
        case 0:
            stage = .open
            if let deadline { loop.cancel(deadline) }
            upkeep = loop.schedule(after: options.keepAlive / 6) { self.keepUp() }
            onEvent(.accepted)
        case 4, 5:
            refusal = .authentication
        default:
            let reason = mosquitto_connack_string(code).map { String(cString: $0) } ?? "code \(code)"
            refusal = .refused("the broker turned the session away: \(reason)")
        }
    }
}
