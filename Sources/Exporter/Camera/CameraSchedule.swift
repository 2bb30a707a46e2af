import Reactor

/// Decides when a printer's camera is probed. It does nothing itself and reads no clock.
struct CameraSchedule {
    private enum Phase: Equatable {
        /// The printer is down; its camera is left alone.
        case down
        /// Its first full report is waited for: it tells whether the view is switched off.
        case settling(until: Instant)
        case waiting(until: Instant)
        case looking
    }

    /// How long the first full report is waited for.
    private static let patience = Duration.seconds(10)
    /// How much from one look to the next differs from the interval, so that a farm that started at one moment does not
    /// stay together.
    private static let jitter = 0.95...1.05

    private let spread: Duration
    private var random: any RandomNumberGenerator & Sendable
    private var phase = Phase.down
    private var next: Instant?

    /// - Parameter spread: over how long the first looks at many cameras are to be spread.
    init(
        spread: Duration,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.spread = spread
        self.random = random
    }

    /// When `isDue` is to be asked next; `nil` while only an event can bring a look.
    var deadline: Instant? {
        switch phase {
        case .down, .looking: nil
        case .settling(let until), .waiting(let until): until
        }
    }

    /// The printer's reports arrive, or no longer.
    mutating func note(isUp: Bool, at now: Instant) {
        if !isUp {
            phase = .down
        } else if phase == .down {
            phase = .settling(until: now + Self.patience)
        }
    }

    /// A full report came.
    mutating func noteFullReport(at now: Instant) {
        if case .settling = phase { settle(now) }
    }

    /// Whether a probe is due. If so, it counts as begun.
    ///
    /// - Parameter interval: from the start of one probe to the start of the next.
    mutating func isDue(at now: Instant, interval: Duration) -> Bool {
        if case .settling(let until) = phase, now >= until { settle(now) }
        guard case .waiting(let until) = phase, now >= until else { return false }
        next = now + interval * Double.random(in: Self.jitter, using: &random)
        phase = .looking
        return true
    }

    /// The look has ended, or there was nothing to look at.
    mutating func noteEnd(at now: Instant) {
        guard phase == .looking else { return }
        phase = .waiting(until: max(now, next ?? now))
    }

    private mutating func settle(_ now: Instant) {
        let first = now + spread * Double.random(in: 0...1, using: &random)
        // A link that comes and goes must not make looks more frequent.
        phase = .waiting(until: max(first, next ?? first))
    }
}
