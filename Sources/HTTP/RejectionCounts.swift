import Reactor

/// How often each reason turned a client away.
final class RejectionCounts: Sendable {
    private let counts = Locked(Dictionary(uniqueKeysWithValues: RejectionReason.allCases.map { ($0, 0) }))

    func count(_ reason: RejectionReason) {
        counts.withLock { $0[reason, default: 0] += 1 }
    }

    /// A count for every reason, 0 included.
    var all: [RejectionReason: Int] {
        counts.withLock { $0 }
    }
}
