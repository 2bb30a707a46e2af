import BambuMetrics
import Reactor

/// Decides when to connect to a broker, be it of one printer or of many. It does nothing itself and reads no clock.
struct ConnectMachine {
    private enum Phase: Equatable {
        case waiting(until: Instant)
        case connecting
        case open(since: Instant)
    }

    /// A session that stood for so long makes the next attempt a first one.
    private static let stable = Duration.seconds(60)
    private static let longestWait = Duration.seconds(60)

    private var random: any RandomNumberGenerator & Sendable
    private var phase: Phase
    private var attempts = 0

    /// Whether one attempt to connect has ended, well or badly.
    private(set) var isTried = false
    /// Sessions established.
    private(set) var connects = 0
    /// Attempts that failed.
    private(set) var failures: [Link.Failure: Int] = [:]

    init(at now: Instant, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.random = random
        phase = .waiting(until: now)
    }

    var isOpen: Bool { if case .open = phase { true } else { false } }

    /// When `tick` is due; `nil` while only the connection can bring news.
    var deadline: Instant? { if case .waiting(let until) = phase { until } else { nil } }

    /// Time has passed. Returns whether to connect now.
    mutating func tick(at now: Instant) -> Bool {
        guard case .waiting(let until) = phase, now >= until else { return false }
        phase = .connecting
        return true
    }

    /// The broker accepted the session.
    mutating func connected(at now: Instant) {
        isTried = true
        phase = .open(since: now)
        connects += 1
    }

    /// The attempt to connect failed, or the session broke.
    mutating func failed(_ failure: Link.Failure, at now: Instant) {
        if !isOpen { failures[failure, default: 0] += 1 }
        leave(at: now, atLeast: failure == .auth ? Self.longestWait : .zero)
    }

    /// The session is gone: waits for the next attempt.
    mutating func leave(at now: Instant, atLeast: Duration = .zero) {
        isTried = true
        if case .open(let since) = phase, now - since >= Self.stable { attempts = 0 }
        let doubled = Duration.seconds(1) * (1 << min(attempts, 6))
        attempts = min(attempts + 1, 30)
        // A fifth to either side, so that a thousand printers do not come back at the same moment.
        let jitter = Double.random(in: 0.8...1.2, using: &random)
        phase = .waiting(until: now + max(min(doubled, Self.longestWait), atLeast) * jitter)
    }

    /// Whom to connect to, or as whom, has changed: the first attempt is due at once. What was counted stays.
    mutating func restart(at now: Instant) {
        attempts = 0
        phase = .waiting(until: now)
    }

    /// What kept it from connecting has changed: the next attempt is due at once, if none is under way.
    mutating func hurry(at now: Instant) {
        guard case .waiting = phase else { return }
        restart(at: now)
    }
}
