import Platform

/// Chooses log levels for an outage: its start is one warning, its end reports how long it lasted.
///
/// A connection that returns and fails again within a minute counts as the same outage. The type has no side effects
/// and reads no clock.
struct OutageLog {
    /// What to log when reports arrive.
    enum Recovery: Equatable, Sendable {
        /// The first time, with no outage before.
        case first
        /// An outage has probably ended; carries its length.
        case after(Duration)
        /// The connection flaps; the end of the outage is already logged.
        case repeated

        var level: Options.LogLevel { self == .repeated ? .debug : .info }

        /// The length of the outage for the log; `nil` if none has ended.
        var outage: String? {
            if case .after(let time) = self { DurationText.text(ofWholeSeconds: time) } else { nil }
        }
    }

    /// What to log when a flapping connection has become stable.
    struct Stability: Equatable, Sendable {
        let outage: Duration
        let interruptions: Int
    }

    /// A connection that stays up this long ends the outage.
    private static let stable = Duration.seconds(60)

    private var began: Instant?
    private var upSince: Instant?
    private var interruptions = 0
    private var reasons: Set<String> = []

    /// When `tick` is due; `nil` if nothing remains to be logged.
    var deadline: Instant? { interruptions > 0 ? upSince.map { $0 + Self.stable } : nil }

    /// Records that the connection failed or reports stopped.
    ///
    /// - Parameter reason: the kind of failure; each kind is logged once per outage.
    /// - Returns: warn for a new outage, info for another reason within it, debug for a repeated one.
    mutating func down(_ reason: String, at now: Instant) -> Options.LogLevel {
        if let upSince {
            if now - upSince >= Self.stable { self = OutageLog() } else { interruptions += 1 }
        }
        upSince = nil
        let isNew = began == nil
        began = began ?? now
        let isNewReason = reasons.insert(reason).inserted
        return isNew ? .warn : isNewReason ? .info : .debug
    }

    mutating func up(at now: Instant) -> Recovery {
        guard let began else { return .first }
        guard upSince == nil else { return .repeated }
        upSince = now
        return interruptions == 0 ? .after(now - began) : .repeated
    }

    /// Reports a flapping connection that has become stable; `nil` if there is nothing to log.
    mutating func tick(at now: Instant) -> Stability? {
        guard let deadline, now >= deadline, let began, let upSince else { return nil }
        let stability = Stability(outage: upSince - began, interruptions: interruptions)
        self = OutageLog()
        return stability
    }
}
