import BambuMetrics
import Platform

/// Decides when to connect to a broker. It has no side effects and reads no clock.
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

    private(set) var connects = 0
    private(set) var failures: [Link.Failure: Int] = [:]

    init(at now: Instant, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.random = random
        state = .waiting(until: now)
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// The age of the open session; `nil` if none is open.
    func openDuration(at now: Instant) -> Duration? {
        if case .open(let since) = state { now - since } else { nil }
    }

    /// When `tick` is due; `nil` while connecting and while a session is open.
    var deadline: Instant? { if case .waiting(let until) = state { until } else { nil } }

    /// Returns whether to connect now.
    mutating func tick(at now: Instant) -> Bool {
        guard case .waiting(let until) = state, now >= until else { return false }
        state = .connecting
        return true
    }

    /// Records that the broker accepted the session.
    mutating func connected(at now: Instant) {
        state = .open(since: now)
        connects += 1
    }

    /// Records that the attempt to connect failed or the session broke.
    mutating func failed(_ failure: Link.Failure, at now: Instant) {
        if !isOpen { failures[failure, default: 0] += 1 }
        disconnected(at: now, atLeast: failure == .auth ? Self.longestWait : .zero)
    }

    /// Records that the session ended, and starts the wait for the next attempt.
    mutating func disconnected(at now: Instant, atLeast: Duration = .zero) {
        if case .open(let since) = state, now - since >= Self.stable { attempts = 0 }
        let doubled = Duration.seconds(1) * (1 << min(attempts, 6))
        attempts = min(attempts + 1, 30)
        // Jitter of 20 % to either side, so that a thousand printers do not reconnect at the same moment.
        let jitter = Double.random(in: 0.8...1.2, using: &random)
        state = .waiting(until: now + max(min(doubled, Self.longestWait), atLeast) * jitter)
    }

    /// Makes the next attempt due at once because the broker or the credentials changed. The counters stay.
    mutating func restart(at now: Instant) {
        attempts = 0
        state = .waiting(until: now)
    }

    /// Makes the next attempt due at once because the cause of a failure may be gone; no effect during an attempt.
    mutating func retryNow(at now: Instant) {
        guard case .waiting = state else { return }
        restart(at: now)
    }
}
