/// What printers said before they had a reader. Bounded: what does not fit is not kept.
struct UnreadMessages {
    private static let limit = 4 << 20

    private var messages: [String: [[UInt8]]] = [:]
    private var size = 0

    /// Begins to keep what `serial` says.
    mutating func expect(_ serial: String) {
        messages[serial] = messages[serial] ?? []
    }

    /// Keeps a message of `serial`, if a reader of it is expected.
    mutating func keep(_ payload: UnsafeRawBufferPointer, of serial: String) {
        guard messages[serial] != nil, payload.count <= Self.limit - size else { return }
        size += payload.count
        messages[serial]?.append(Array(payload))
    }

    /// Everything that was kept, by serial number; nothing is expected any more.
    mutating func takeAll() -> [String: [[UInt8]]] {
        defer { self = UnreadMessages() }
        return messages
    }
}
