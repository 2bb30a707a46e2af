import Glibc

/// Measures the processor time of the calling thread, which does not depend on the load of the machine.
enum Stopwatch {
    /// The nanoseconds of one run of `work`: the median of rounds that take at least 10 ms each.
    static func nanoseconds(rounds: Int = 9, _ work: () -> Void) -> Double {
        var times: [Double] = []
        // Reading the clock is a system call, so many runs are timed together; doubling their number also warms up.
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
