/// Buffers messages of discovered printers that are not being read yet. Messages that exceed the limit are dropped.
struct PendingMessages {
    private static let limit = 4 << 20

    private var messages: [String: [[UInt8]]] = [:]
    private var size = 0

    /// Keeps messages of `serial` from now on.
    mutating func expect(_ serial: String) {
        messages[serial] = messages[serial] ?? []
    }

    /// Keeps a message if its `serial` is expected.
    mutating func keep(_ payload: [UInt8], of serial: String) {
        guard messages[serial] != nil, payload.count <= Self.limit - size else { return }
        size += payload.count
        messages[serial]?.append(payload)
    }

    /// Returns the messages by serial number, and resets.
    mutating func takeAll() -> [String: [[UInt8]]] {
        defer { self = PendingMessages() }
        return messages
    }
}
