import Glibc
import Reactor

/// Watches the event loop from a thread of its own: makes a hang visible, and ends the process when the hang lasts.
final class Watchdog: Sendable {
    /// How long the event loop may not turn.
    struct Limits: Sendable {
        /// Until `/-/healthy` answers 503.
        var unhealthy = Duration.seconds(30)
        /// Until the process ends.
        var fatal = Duration.seconds(60)
        var interval = Duration.seconds(1)
    }

    private let limits: Limits
    private let stalled = Locked(Duration.zero)
    private let stopping = CountingSemaphore()

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - log: is told of a hang, with the code that hangs.
    ///   - end: ends the process.
    /// - Throws: `SystemError` when the system has no further thread.
    init(
        on loop: EventLoop, limits: Limits = Limits(), log: Log, end: @escaping @Sendable () -> Void
    ) throws {
        self.limits = limits
        try Thread(named: "watchdog") { [stalled, stopping] in
            var detector = HangDetector()
            var isTold = false
            while !stopping.wait(within: limits.interval) {
                let progress = loop.progress
                detector.look(turns: progress.turns, at: Instant.now())
                stalled.withLock { $0 = detector.stalled }
                let running = progress.running?.description ?? "waiting"
                if detector.stalled >= limits.fatal {
                    log.error(
                        "The event loop hangs; the process ends",
                        ["stalled_seconds": Int(detector.stalled.inSeconds), "running": running])
                    return end()
                }
                let isUnhealthy = detector.stalled >= limits.unhealthy
                if isUnhealthy, !isTold {
                    log.error(
                        "The event loop does not turn; /-/healthy answers 503",
                        ["stalled_seconds": Int(detector.stalled.inSeconds), "running": running])
                }
                if !isUnhealthy, isTold { log.info("The event loop turns again") }
                isTold = isUnhealthy
            }
        }.detach()
    }

    deinit {
        stop()
    }

    /// Whether the event loop has turned lately.
    var isHealthy: Bool { stalled.withLock { $0 } < limits.unhealthy }

    func stop() {
        stopping.signal()
    }
}
