import Platform

/// Decides when a printer's camera is probed. It has no side effects and reads no clock.
struct CameraSchedule {
    private enum Phase: Equatable {
        /// The printer is down; its camera is not probed.
        case down
        /// Waiting for the first full report, which shows whether the camera is disabled.
        case awaitingReport(until: Instant)
        case waiting(until: Instant)
        case probing
    }

    /// How long to wait for the first full report.
    private static let reportTimeout = Duration.seconds(10)
    /// The jitter of the interval, so that cameras that were first probed together do not stay together.
    private static let jitter = 0.95...1.05

    private let spread: Duration
    private var random: any RandomNumberGenerator & Sendable
    private var phase = Phase.down
    private var next: Instant?

    /// - Parameter spread: the time over which the first probes of many cameras are spread.
    init(
        spread: Duration,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.spread = spread
        self.random = random
    }

    /// When to call `isDue` next; `nil` if only an event can start a probe.
    var deadline: Instant? {
        switch phase {
        case .down, .probing: nil
        case .awaitingReport(let until), .waiting(let until): until
        }
    }

    /// Records whether the printer's reports arrive.
    mutating func record(isUp: Bool, at now: Instant) {
        if !isUp {
            phase = .down
        } else if phase == .down {
            phase = .awaitingReport(until: now + Self.reportTimeout)
        }
    }

    /// Records that a full report arrived.
    mutating func recordFullReport(at now: Instant) {
        if case .awaitingReport = phase { scheduleFirst(now) }
    }

    /// Returns whether a probe is due. If so, it counts as started.
    ///
    /// - Parameter interval: the time from the start of one probe to the start of the next.
    mutating func isDue(at now: Instant, interval: Duration) -> Bool {
        if case .awaitingReport(let until) = phase, now >= until { scheduleFirst(now) }
        guard case .waiting(let until) = phase, now >= until else { return false }
        next = now + interval * Double.random(in: Self.jitter, using: &random)
        phase = .probing
        return true
    }

    /// Records that the probe ended or could not be started.
    mutating func recordEnd(at now: Instant) {
        guard phase == .probing else { return }
        phase = .waiting(until: max(now, next ?? now))
    }

    private mutating func scheduleFirst(_ now: Instant) {
        let first = now + spread * Double.random(in: 0...1, using: &random)
        // Reconnects must not make probes more frequent.
        phase = .waiting(until: max(first, next ?? first))
    }
}
