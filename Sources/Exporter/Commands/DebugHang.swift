#if DEBUG
    import Glibc
    import Platform
    import Reactor

    /// Makes the event loop hang, to test the watchdog. Absent in release builds.
    struct DebugHang {
        private let delay: Duration
        /// The watchdog's limits, short enough for a test.
        let limits: Watchdog.Limits

        /// - Parameter environment: `BAMBU_DEBUG_HANG_AFTER` is when the hang begins, and `BAMBU_DEBUG_HANG_LIMIT` how
        ///   long it may last; returns `nil` without them.
        init?(environment: [String: String]) {
            guard let delay = environment["BAMBU_DEBUG_HANG_AFTER"].flatMap(DurationText.parse),
                let limit = environment["BAMBU_DEBUG_HANG_LIMIT"].flatMap(DurationText.parse)
            else { return nil }
            self.delay = delay
            limits = Watchdog.Limits(unhealthy: limit / 10, fatal: limit, interval: .milliseconds(50))
        }

        func begin(on loop: EventLoop) {
            loop.perform { [delay] in
                loop.schedule(after: delay) {
                    while true { sleep(1000) }
                }
            }
        }
    }
#endif
