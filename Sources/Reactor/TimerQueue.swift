package import Platform

/// Scheduled work in the order of its deadlines.
package struct TimerQueue {
    package struct Token: Hashable, Comparable, Sendable {
        fileprivate let deadline: Instant
        fileprivate let number: UInt64

        package static func < (left: Token, right: Token) -> Bool {
            (left.deadline, left.number) < (right.deadline, right.number)
        }
    }

    package typealias Work = (origin: CodePlace, run: () -> Void)

    /// The order of the work. A new deadline is usually one of the latest, so few tokens move to make room.
    private var order: ArraySlice<Token> = []
    private var work: [Token: Work] = [:]
    private var lastNumber: UInt64 = 0

    package init() {}

    package mutating func add(
        at deadline: Instant, from origin: CodePlace = CodePlace(), _ work: @escaping () -> Void
    ) -> Token {
        lastNumber += 1
        let token = Token(deadline: deadline, number: lastNumber)
        self.work[token] = (origin, work)
        order.insert(token, at: place(of: token))
        return token
    }

    package mutating func cancel(_ token: Token) {
        guard work.removeValue(forKey: token) != nil else { return }
        order.remove(at: place(of: token))
    }

    /// Removes and returns the first piece of work that is due at `now`; `nil` if none is.
    package mutating func popDue(at now: Instant) -> Work? {
        guard let first = order.first, first.deadline <= now else { return nil }
        order.removeFirst()
        return work.removeValue(forKey: first)
    }

    /// The time from `now` to the next deadline, in milliseconds rounded up; -1 if nothing is scheduled.
    package func milliseconds(from now: Instant) -> Int32 {
        guard let first = order.first else { return -1 }
        guard first.deadline > now else { return 0 }
        let nanoseconds = first.deadline.nanoseconds - now.nanoseconds
        return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
    }

    /// The index of `token`, or the index at which it belongs; found by bisection.
    private func place(of token: Token) -> Int {
        var range = order.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = order[middle] < token ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
