/// How long a printer was in each state, as the times of its reports tell.
///
/// A span between two reports belongs to the state that the first of them left. A longer one than `longestSpan` is a gap, of
/// which only so much counts.
package struct StateTimes: Sendable, Equatable {
    /// s.
    let longestSpan: Double
    private var seconds: [Job.State: Double] = [:]
    private var last: Last?

    private struct Last: Equatable {
        let state: Job.State
        let time: Double
    }

    init(longestSpan: Double) {
        self.longestSpan = longestSpan
    }

    /// Every state there is, with its seconds.
    package var all: [(state: Job.State, seconds: Double)] {
        Job.State.allCases.map { ($0, seconds[$0] ?? 0) }
    }

    /// Takes in the state as one report left it.
    ///
    /// - Parameter time: seconds since 1970.
    mutating func observe(_ state: Job.State, at time: Double) {
        if let last { seconds[last.state, default: 0] += min(max(time - last.time, 0), longestSpan) }
        last = Last(state: state, time: time)
    }
}
