/// Limits concurrent connection attempts, first come, first served. Confined to the event loop's thread.
final class ConnectionLimiter {
    /// Calls a closure after a delay, on the event loop.
    typealias Later = (Duration, @escaping () -> Void) -> Void

    /// A slot is freed after this time, even if the attempt continues.
    ///
    /// Its cryptography is done by then, or the peer does not answer. Hundreds of printers that are switched off must not
    /// delay the others.
    private static let slotLifetime = Duration.seconds(1)

    private let limit: Int
    private let later: Later
    private var inside: Set<Int> = []
    private var queue: [(id: Int, start: () -> Void)] = []
    private var lastID = 0

    /// - Parameter limit: concurrent handshakes; each takes 1 to 2 ms of cryptography on the event loop.
    init(limit: Int = 50, later: @escaping Later) {
        self.limit = limit
        self.later = later
    }

    /// Calls `start` as soon as a slot is free, which may be before it returns.
    ///
    /// - Returns: The ticket to pass to `release` when the connection is open, failed or is no longer needed.
    func acquire(_ start: @escaping () -> Void) -> Int {
        lastID += 1
        queue.append((lastID, start))
        let id = lastID
        admit()
        return id
    }

    func release(_ id: Int) {
        inside.remove(id)
        queue.removeAll { $0.id == id }
        admit()
    }

    private func admit() {
        while inside.count < limit, !queue.isEmpty {
            let next = queue.removeFirst()
            inside.insert(next.id)
            later(Self.slotLifetime) { [weak self] in self?.release(next.id) }
            next.start()
        }
    }
}
