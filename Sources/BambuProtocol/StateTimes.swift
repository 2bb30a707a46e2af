/// How long a printer was in each state, by the times of its reports.
///
/// The time between two reports counts for the state in the first of them. If it is longer than `longestSpan`, it is a
/// gap, and only `longestSpan` counts.
package struct StateTimes: Sendable, Equatable {
    /// Seconds.
    let longestSpan: Double
    /// Seconds, in the order of all states.
    private var seconds = [Double](repeating: 0, count: Job.State.allCases.count)
    private var last: Last?

    private struct Last: Equatable {
        let state: Job.State
        /// The index of the state among all states.
        let place: Int
        let time: Double
    }

    init(longestSpan: Double) {
        self.longestSpan = longestSpan
    }

    /// All states with their seconds.
    package var all: [(state: Job.State, seconds: Double)] {
        zip(Job.State.allCases, seconds).map { ($0, $1) }
    }

    /// Counts the time up to one report.
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
