/// Writes a response to a transport, in as many calls as it takes.
struct ResponseWriter {
    private let head: [UInt8]
    private let body: [UInt8]
    private var sent = 0

    init(head: [UInt8], body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// Sends until everything is sent or the transport blocks. Returns how the last call ended.
    mutating func write(to transport: Transport) -> Transport.Outcome {
        while sent < head.count + body.count {
            let (fromHead, fromBody) = (min(sent, head.count), max(0, sent - head.count))
            let outcome = head.withUnsafeBytes { head in
                body.withUnsafeBytes { body in
                    transport.send(
                        UnsafeRawBufferPointer(rebasing: head[fromHead...]),
                        UnsafeRawBufferPointer(rebasing: body[fromBody...]))
                }
            }
            guard case .moved(let count) = outcome else { return outcome }
            sent += count
        }
        return .moved(sent)
    }
}
