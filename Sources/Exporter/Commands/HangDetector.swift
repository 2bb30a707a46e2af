import Reactor

/// Measures how long an event loop has not turned.
///
/// Time counts only between two looks, and no more than `step` of it: a process that was stopped, or a machine that was
/// asleep, has not hung.
struct HangDetector {
    private static let step = Duration.seconds(2)

    private var turns: UInt64?
    private var lastLook: Instant?
    /// How long the loop has not turned.
    private(set) var stalled = Duration.zero

    /// Takes in how often the loop has turned by `now`.
    mutating func look(turns: UInt64, at now: Instant) {
        defer {
            self.turns = turns
            lastLook = now
        }
        guard turns == self.turns, let lastLook else {
            stalled = .zero
            return
        }
        stalled += min(now - lastLook, Self.step)
    }
}
