import Reactor

/// Decides how loudly an outage is logged: it begins with one warning, and its end says how long it lasted.
///
/// A connection that comes back and goes again within a minute is the same outage. The type does nothing itself and reads
/// no clock.
struct OutageLog {
    /// What to log when reports arrive.
    enum Recovery: Equatable, Sendable {
        /// The first time, with no outage before.
        case first
        /// An outage has ended, as it seems, after so long.
        case after(Duration)
        /// The connection flaps; the outage was logged as ended already.
        case repeated
    }

    /// What to log when a flapping connection has stayed up.
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

    /// When `tick` is due; `nil` if nothing is to be logged later.
    var deadline: Instant? { interruptions > 0 ? upSince.map { $0 + Self.stable } : nil }

    /// The connection failed or reports stopped.
    ///
    /// - Parameter reason: the kind of failure; the same kind is logged once in an outage.
    /// - Returns: warn for a new outage, info for another reason within it, debug for a repeated one.
    mutating func down(_ reason: String, at now: Instant) -> Options.LogLevel {
        if let upSince {
            if now - upSince >= Self.stable { end() } else { interruptions += 1 }
        }
        upSince = nil
        let isNew = began == nil
        began = began ?? now
        let isNewReason = reasons.insert(reason).inserted
        return isNew ? .warn : isNewReason ? .info : .debug
    }

    /// Reports arrive.
    mutating func up(at now: Instant) -> Recovery {
        guard let began else { return .first }
        guard upSince == nil else { return .repeated }
        upSince = now
        return interruptions == 0 ? .after(now - began) : .repeated
    }

    /// Time has passed. Returns what to log if a flapping connection has stayed up since.
    mutating func tick(at now: Instant) -> Stability? {
        guard let deadline, now >= deadline, let began, let upSince else { return nil }
        let stability = Stability(outage: upSince - began, interruptions: interruptions)
        end()
        return stability
    }

    private mutating func end() {
        self = OutageLog()
    }
}
