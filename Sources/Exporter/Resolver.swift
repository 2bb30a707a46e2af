import Glibc
package import Reactor

/// Looks up host names on threads of its own, because the system's resolver blocks for as long as name servers do.
package final class Resolver: Sendable {
    private struct Query: Sendable {
        let host: String
        let port: UInt16
        let answer: @Sendable ([SocketAddress]) -> Void
    }

    private struct Queue {
        var queries: [Query] = []
        var threads = 0
        var idle = 0
    }

    /// So many name servers may be mute before lookups wait for each other.
    private static let threadLimit = 4

    private let queue = Locked(Queue())
    private let wakeup = DispatchlessSemaphore()

    package init() {}

    /// Looks up `host` and hands the addresses, none where there are none, to `answer` on some thread.
    package func resolve(_ host: String, port: UInt16, _ answer: @escaping @Sendable ([SocketAddress]) -> Void) {
        let needsThread = queue.withLock { queue in
            queue.queries.append(Query(host: host, port: port, answer: answer))
            guard queue.idle == 0, queue.threads < Self.threadLimit else { return false }
            queue.threads += 1
            return true
        }
        if needsThread { Thread.detach(named: "resolver") { self.work() } }
        wakeup.signal()
    }

    private func work() -> Never {
        while true {
            queue.withLock { $0.idle += 1 }
            wakeup.wait()
            let query = queue.withLock { queue in
                queue.idle -= 1
                return queue.queries.isEmpty ? nil : queue.queries.removeFirst()
            }
            guard let query else { continue }
            query.answer(SocketAddress.resolve(query.host, port: query.port))
        }
    }
}
