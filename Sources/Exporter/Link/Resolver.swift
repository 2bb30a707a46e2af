import Reactor

/// Looks up host names on threads of its own, because the system's resolver blocks for as long as name servers do.
final class Resolver: Sendable {
    private struct Query: Sendable {
        let host: String
        let port: UInt16
        let answer: @Sendable ([SocketAddress]) -> Void
    }

    private struct Queue {
        var queries: [Query] = []
        var workers = 0
    }

    /// So many name servers may be mute before lookups wait for each other.
    private static let workerLimit = 4

    private let queue = Locked(Queue())

    init() {}

    /// Looks up `host` and hands its addresses, none where there are none, to `answer`: at once where `host` is
    /// numeric, else on some thread.
    func resolve(_ host: String, port: UInt16, _ answer: @escaping @Sendable ([SocketAddress]) -> Void) {
        if let address = try? SocketAddress(numeric: host, port: port) { return answer([address]) }
        let needsWorker = queue.withLock { queue in
            queue.queries.append(Query(host: host, port: port, answer: answer))
            guard queue.workers < Self.workerLimit else { return false }
            queue.workers += 1
            return true
        }
        guard needsWorker else { return }
        do {
            try Thread(named: "resolver") { self.work() }.detach()
        } catch {
            // No thread to be had: then this lookup has failed, as it would have without a name server.
            queue.withLock { $0.workers -= 1 }
            while let query = next() { query.answer([]) }
        }
    }

    /// Answers queries until there are none.
    private func work() {
        while let query = next(orLeave: true) {
            query.answer(SocketAddress.resolve(query.host, port: query.port))
        }
    }

    private func next(orLeave: Bool = false) -> Query? {
        queue.withLock { queue in
            if !queue.queries.isEmpty { return queue.queries.removeFirst() }
            if orLeave { queue.workers -= 1 }
            return nil
        }
    }
}
