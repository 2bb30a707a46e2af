import BambuMetrics
import Reactor

/// Decides when to connect to a broker. It does nothing itself and reads no clock: events go in, decisions come out.
struct ReconnectStateMachine {
    private enum State: Equatable {
        case waiting(until: Instant)
        case connecting
        case open(since: Instant)
    }

    /// The backoff starts again after a session of this length.
    private static let stable = Duration.seconds(60)
    private static let longestWait = Duration.seconds(60)

    private var random: any RandomNumberGenerator & Sendable
    private var state: State
    private var attempts = 0

    /// Whether one attempt to connect has ended, with or without success.
    private(set) var isTried = false
    /// Sessions established.
    private(set) var connects = 0
    /// Attempts that failed.
    private(set) var failures: [Link.Failure: Int] = [:]

    init(at now: Instant, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.random = random
        state = .waiting(until: now)
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// The length of the session that stands; `nil` if none does.
    func openDuration(at now: Instant) -> Duration? {
        if case .open(let since) = state { now - since } else { nil }
    }

    /// When `tick` is due; `nil` while connecting and while a session stands.
    var deadline: Instant? { if case .waiting(let until) = state { until } else { nil } }

    /// Time has passed. Returns whether to connect now.
    mutating func tick(at now: Instant) -> Bool {
        guard case .waiting(let until) = state, now >= until else { return false }
        state = .connecting
        return true
    }

    /// The broker accepted the session.
    mutating func connected(at now: Instant) {
        isTried = true
        state = .open(since: now)
        connects += 1
    }

    /// The attempt to connect failed, or the session broke.
    mutating func failed(_ failure: Link.Failure, at now: Instant) {
        if !isOpen { failures[failure, default: 0] += 1 }
        disconnected(at: now, atLeast: failure == .auth ? Self.longestWait : .zero)
    }

    /// The session ended: waits for the next attempt.
    mutating func disconnected(at now: Instant, atLeast: Duration = .zero) {
        isTried = true
        if case .open(let since) = state, now - since >= Self.stable { attempts = 0 }
        let doubled = Duration.seconds(1) * (1 << min(attempts, 6))
        attempts = min(attempts + 1, 30)
        // A fifth to either side, so that a thousand printers do not come back at the same moment.
        let jitter = Double.random(in: 0.8...1.2, using: &random)
        state = .waiting(until: now + max(min(doubled, Self.longestWait), atLeast) * jitter)
    }

    /// The broker or the credentials changed: the next attempt is due at once. The counts stay.
    mutating func restart(at now: Instant) {
        attempts = 0
        state = .waiting(until: now)
    }

    /// The cause of the failure may be gone: the next attempt is due at once, if none is under way.
    mutating func retryNow(at now: Instant) {
        guard case .waiting = state else { return }
        restart(at: now)
    }
}
