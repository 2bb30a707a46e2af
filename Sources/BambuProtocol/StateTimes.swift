/// How long a printer was in each state, as the times of its reports tell.
///
/// A span between two reports belongs to the state that the first of them left. A longer one than `longestSpan` is a gap, of
/// which only so much counts.
package struct StateTimes: Sendable, Equatable {
    /// s.
    let longestSpan: Double
    /// In the order of all states.
    private var seconds = [Double](repeating: 0, count: Job.State.allCases.count)
    private var last: Last?

    private struct Last: Equatable {
        let state: Job.State
        /// The place of `state` among all.
        let place: Int
        let time: Double
    }

    init(longestSpan: Double) {
        self.longestSpan = longestSpan
    }

    /// Every state there is, with its seconds.
    package var all: [(state: Job.State, seconds: Double)] {
        zip(Job.State.allCases, seconds).map { ($0, $1) }
    }

    /// Takes in the state as one report left it.
    ///
    /// - Parameter time: seconds since 1970.
    mutating func observe(_ state: Job.State, at time: Double) {
        if let last, seconds.indices.contains(last.place) {
            seconds[last.place] += min(max(time - last.time, 0), longestSpan)
        }
        let place = last.flatMap { $0.state == state ? $0.place : nil } ?? Job.State.allCases.firstIndex(of: state) ?? 0
        last = Last(state: state, place: place, time: time)
    }
}
