import Reactor

/// A response on its way out.
struct ResponseWriter {
    /// How far `write` came.
    enum Progress {
        case done
        case blocked(EventLoop.Interest)
        case failed
    }

    private let head: [UInt8]
    private let body: [UInt8]
    private var sent = 0

    /// `body` is shared with every other client that gets it.
    init(head: [UInt8], body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// Sends until everything is sent or the transport takes no more.
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
