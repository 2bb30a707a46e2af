import Reactor

/// Lets so many connections be made at a time, first come, first served. Confined to the loop's thread.
final class ConnectGate {
    /// Calls something after a while, on the loop's thread.
    typealias Later = (Duration, @escaping () -> Void) -> Void

    /// The cryptography is done by then, or waits for the peer. Printers that are switched off answer nothing for much
    /// longer, and the others must not queue behind hundreds of them.
    private static let patience = Duration.seconds(1)

    private let limit: Int
    private let later: Later
    private var inside: Set<Int> = []
    private var queue: [(id: Int, start: () -> Void)] = []
    private var lastID = 0

    /// - Parameter limit: handshakes in flight; each costs the reactor a millisecond or two of cryptography.
    init(limit: Int = 50, later: @escaping Later) {
        self.limit = limit
        self.later = later
    }

    convenience init(on loop: EventLoop) {
        self.init { loop.schedule(after: $0, $1) }
    }

    /// Calls `start` as soon as there is room, at once where there is. Returns what `leave` is to be called with, once
    /// the connection stands or has failed, or is not wanted any more.
    func enter(_ start: @escaping () -> Void) -> Int {
        lastID += 1
        queue.append((lastID, start))
        let id = lastID
        admit()
        return id
    }

    func leave(_ id: Int) {
        inside.remove(id)
        queue.removeAll { $0.id == id }
        admit()
    }

    private func admit() {
        while inside.count < limit, !queue.isEmpty {
            let next = queue.removeFirst()
            inside.insert(next.id)
            later(Self.patience) { [weak self] in self?.leave(next.id) }
            next.start()
        }
    }
}
