package import Platform

/// Scheduled work in the order of its deadlines.
package struct TimerQueue {
    /// Identifies one piece of scheduled work.
    package struct Token: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    /// A piece of scheduled work, and the code that scheduled it.
    package struct Work {
        package let origin: CodePlace
        package let run: () -> Void
    }

    private struct Entry {
        let deadline: Instant
        let token: Token
    }

    /// A binary heap, ordered by deadline and then by arrival. Cancelled entries stay until they reach the top or are
    /// the majority.
    private var heap: [Entry] = []
    private var work: [Token: Work] = [:]
    private var next: UInt64 = 0

    package init() {}

    package mutating func add(
        at deadline: Instant, from origin: CodePlace = CodePlace(), _ work: @escaping () -> Void
    ) -> Token {
        next += 1
        let token = Token(number: next)
        self.work[token] = Work(origin: origin, run: work)
        heap.append(Entry(deadline: deadline, token: token))
        rise(from: heap.count - 1)
        return token
    }

    package mutating func cancel(_ token: Token) {
        guard work.removeValue(forKey: token) != nil else { return }
        if heap.count > 64, heap.count > 2 * work.count {
            heap = heap.filter { work[$0.token] != nil }.sorted(by: Self.isEarlier)
        }
    }

    /// Removes and returns the first piece of work that is due at `now`; `nil` if none is.
    package mutating func popDue(at now: Instant) -> Work? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if let due = work.removeValue(forKey: first.token) { return due }
        }
        return nil
    }

    /// The time from `now` to the next deadline, in milliseconds rounded up; -1 if nothing is scheduled.
    package mutating func milliseconds(from now: Instant) -> Int32 {
        while let first = heap.first, work[first.token] == nil { removeFirst() }
        guard let first = heap.first else { return -1 }
        guard first.deadline > now else { return 0 }
        let nanoseconds = first.deadline.nanoseconds - now.nanoseconds
        return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
    }

    private static func isEarlier(_ left: Entry, _ right: Entry) -> Bool {
        (left.deadline.nanoseconds, left.token.number) < (right.deadline.nanoseconds, right.token.number)
    }

    private mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        sink(from: 0)
    }

    private mutating func rise(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.isEarlier(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink(from index: Int) {
        var parent = index
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.isEarlier(heap[child], heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
