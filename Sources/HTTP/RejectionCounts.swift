import Reactor

/// Counts rejected requests and connections by reason.
final class RejectionCounts: Sendable {
    private let counts = Locked(Dictionary(uniqueKeysWithValues: RejectionReason.allCases.map { ($0, 0) }))

    func count(_ reason: RejectionReason) {
        counts.withLock { $0[reason, default: 0] += 1 }
    }

    /// The count of each reason, 0 included.
    var all: [RejectionReason: Int] {
        counts.withLock { $0 }
    }
}
