import Glibc
import Platform
import Reactor

/// Watches the event loop from its own thread: logs a hang, and ends the process if it lasts.
final class Watchdog: Sendable {
    /// How long the event loop may hang.
    struct Limits: Sendable {
        /// Until `/-/healthy` returns 503.
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
    /// - Parameter log: receives an error that names the code that hangs.
    /// - Throws: `SystemError` if the thread cannot be created.
    init(
        on loop: EventLoop, limits: Limits = Limits(), log: Log, end: @escaping @Sendable () -> Void
    ) throws {
        self.limits = limits
        try Thread(named: "watchdog") { [stalled, stopping] in
            var detector = HangDetector()
            var isLogged = false
            while !stopping.wait(within: limits.interval) {
                let progress = loop.progress
                detector.check(turns: progress.turns, at: Instant.now())
                stalled.withLock { $0 = detector.stalled }
                let fields: Log.Fields = [
                    "stalled_seconds": Int(detector.stalled.inSeconds),
                    "running": progress.running?.description ?? "waiting",
                ]
                if detector.stalled >= limits.fatal {
                    log.error("The event loop hangs; exiting so that the process can be restarted", fields)
                    return end()
                }
                let isUnhealthy = detector.stalled >= limits.unhealthy
                if isUnhealthy, !isLogged { log.error("The event loop hangs; /-/healthy returns 503", fields) }
                if !isUnhealthy, isLogged { log.info("The event loop runs again") }
                isLogged = isUnhealthy
            }
        }.detach()
    }

    deinit {
        stop()
    }

    /// Whether the event loop has turned recently.
    var isHealthy: Bool { stalled.withLock { $0 } < limits.unhealthy }

    func stop() {
        stopping.signal()
    }
}
