import Reactor

/// Writes a response to a transport, in as many calls as it takes.
struct ResponseWriter {
    enum Progress {
        case done
        case blocked(EventLoop.Interest)
        case failed
    }

    private let head: [UInt8]
    private let body: [UInt8]
    private var sent = 0

    /// Creates a writer. Clients share `body` without copies.
    init(head: [UInt8], body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// Sends until everything is sent or the transport blocks.
    mutating func write(to transport: Transport) -> Progress {
        while sent < head.count + body.count {
            let (fromHead, fromBody) = (min(sent, head.count), max(0, sent - head.count))
            let outcome = head.withUnsafeBytes { head in
                body.withUnsafeBytes { body in
                    transport.send(
                        UnsafeRawBufferPointer(rebasing: head[fromHead...]),
                        UnsafeRawBufferPointer(rebasing: body[fromBody...]))
                }
            }
            switch outcome {
            case .moved(let count): sent += count
            case .blocked(let interest): return .blocked(interest)
            case .ended, .failed, .plainHTTP: return .failed
            }
        }
        return .done
    }
}
