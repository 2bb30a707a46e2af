import Glibc

/// Times a piece of work by the processor time of the thread that does it, which a busy neighbour does not change.
enum Stopwatch {
    /// Nanoseconds of one run: the median of rounds of some milliseconds each, after one that only warms up.
    static func nanoseconds(rounds: Int = 9, _ work: () -> Void) -> Double {
        var times: [Double] = []
        // Asking for the time is a system call: so many runs are timed together as take some milliseconds.
        var runs = 1
        while times.count < rounds {
            let start = processorTime()
            for _ in 0..<runs { work() }
            let elapsed = processorTime() - start
            if elapsed < 1e7 { runs *= 2 } else { times.append(elapsed / Double(runs)) }
        }
        return times.sorted()[times.count / 2]
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
