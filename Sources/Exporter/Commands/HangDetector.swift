import Platform

/// Measures how long an event loop has been hanging.
///
/// Between two checks at most `step` is counted: a process that was stopped or a machine that was suspended is not a
/// hang.
struct HangDetector {
    private static let step = Duration.seconds(2)

    private var turns: UInt64?
    private var lastCheck: Instant?
    /// How long the loop has not completed a turn.
    private(set) var stalled = Duration.zero

    /// Records the loop's number of turns at `now`.
    mutating func check(turns: UInt64, at now: Instant) {
        defer {
            self.turns = turns
            lastCheck = now
        }
        guard turns == self.turns, let lastCheck else {
            stalled = .zero
            return
        }
        stalled += min(now - lastCheck, Self.step)
    }
}
