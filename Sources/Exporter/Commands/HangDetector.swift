import Platform

/// Measures how long an event loop has been hanging.
///
/// Between two checks at most `step` is counted: a process that was stopped or a machine that was suspended is not a
/// hang.
struct HangDetector {
    private static let step = Duration.seconds(2)

    private var last: (turns: UInt64, time: Instant)?
    /// How long the loop has not completed a turn.
    private(set) var stalled = Duration.zero

    mutating func check(turns: UInt64, at now: Instant) {
        defer { last = (turns, now) }
        guard let last, last.turns == turns else {
            stalled = .zero
            return
        }
        stalled += min(now - last.time, Self.step)
    }
}
