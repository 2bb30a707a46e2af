import CMosquitto

/// Records what libmosquitto's callbacks report, in order, until the library call has returned.
final class CallbackRecorder {
    enum Record {
        /// The broker answered CONNECT with this code; 0 accepts the session.
        case answered(Int32)
        /// The broker answered SUBSCRIBE number `id`.
        case subscribed(id: Int32, isGranted: Bool)
        /// A published message was sent, or acknowledged if its quality of service asks for that.
        case acknowledged
        case message(Connection.Message, isRetained: Bool)
    }

    private var records: ArraySlice<Record> = []

    var isEmpty: Bool { records.isEmpty }

    func popFirst() -> Record? {
        // An empty slice would keep the messages that were removed from it.
        if records.isEmpty { records = [] }
        return records.popFirst()
    }

    /// Registers the callbacks of `client`, which must not outlive this recorder.
    func attach(to client: OpaquePointer) {
        mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
        mosquitto_connect_callback_set(client) { _, user, code in
            CallbackRecorder.recorder(user)?.records.append(.answered(code))
        }
        mosquitto_subscribe_callback_set(client) { _, user, id, count, granted in
            let isGranted = count > 0 && granted?.pointee ?? 128 < 3
            CallbackRecorder.recorder(user)?.records.append(.subscribed(id: id, isGranted: isGranted))
        }
        mosquitto_publish_callback_set(client) { _, user, _ in
            CallbackRecorder.recorder(user)?.records.append(.acknowledged)
        }
        mosquitto_message_callback_set(client) { _, user, message in
            guard let message = message?.pointee, let topic = message.topic else { return }
            // libmosquitto frees the payload when the callback returns.
            let payload = UnsafeRawBufferPointer(start: message.payload, count: Int(max(0, message.payloadlen)))
            let copy = Connection.Message(
                topic: String(cString: topic), payload: Array(payload), qualityOfService: message.qos)
            CallbackRecorder.recorder(user)?.records.append(.message(copy, isRetained: message.retain))
        }
    }

    private static func recorder(_ user: UnsafeMutableRawPointer?) -> CallbackRecorder? {
        user.map { Unmanaged<CallbackRecorder>.fromOpaque($0).takeUnretainedValue() }
    }
}
