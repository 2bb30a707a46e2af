import BambuMetrics
import Cloud
import Reactor

/// Decides what to ask of the account, and when: one request after the other, poll after poll. It does nothing itself and
/// reads no clock.
struct AccountMachine {
    /// One request of a poll.
    enum Step: Hashable, Sendable {
        case preference, bind, print
        case version(String), tasks(String), ttcode(String)

        var api: AccountSnapshot.API {
            switch self {
            case .preference: .preference
            case .bind: .bind
            case .print: .print
            case .version: .version
            case .tasks: .tasks
            case .ttcode: .ttcode
            }
        }
    }

    enum Event: Sendable {
        /// Time has passed; see `deadline`.
        case tick
        /// The file holds a token.
        ///
        /// - Parameter isNew: whether it is another one than before.
        /// - Parameter hasUser: whether its owner's name for the broker is known.
        case token(isNew: Bool, hasUser: Bool)
        /// The file holds none.
        case noToken
        /// The answer to the last step could be used.
        case answered
        /// The answer to `bind` names these printers, of which more is wanted.
        case found([String])
        case failed(CloudFailure.Kind, pause: Duration?)
    }

    enum Action: Equatable, Sendable {
        case lookAtToken
        case send(Step)
        /// The poll is through.
        case finish
        /// The token is no good: what was said is worth nothing any more, and nothing is asked until its file changes.
        case refuse
    }

    private enum Phase: Equatable {
        case waiting(until: Instant)
        case asking(Step)
        case refused(until: Instant)
    }

    /// How often the file is looked at while its token is no good. It costs a look, and nobody is asked.
    private static let lookEvery = Duration.seconds(2)
    /// How long a limit is respected where it does not say itself.
    private static let limitPause = Duration.seconds(15 * 60)
    private static let longestLimitPause = Duration.seconds(3600)
    /// What else fails may be well again soon.
    private static let longestPause = Duration.seconds(15 * 60)
    /// Printers that are asked about one by one in a poll; a large account is gone through in turns.
    private static let printersPerPoll = 50

    private let interval: Duration
    private let needsUser: Bool
    private let wantsCameras: Bool
    private var random: any RandomNumberGenerator & Sendable
    private var phase: Phase
    private var queue: [Step] = []
    /// Endpoints that this account may not use; they are not asked again.
    private var forbidden: Set<AccountSnapshot.API> = []
    /// Printers whose camera has been asked about: what is told of it does not change.
    private var cameras: Set<String> = []
    /// Polls in a row that failed.
    private var streak = 0
    /// Where the next turn through the printers begins.
    private var turn = 0

    private(set) var requests: [AccountSnapshot.API: Int] = [:]
    private(set) var failures: [AccountSnapshot.API: [AccountSnapshot.Failure: Int]] = [:]
    /// Whether the last poll succeeded.
    private(set) var isUp = false

    /// - Parameters:
    ///   - needsUser: whether the owner's name for the broker is wanted.
    ///   - wantsCameras: whether cameras are asked about.
    init(
        interval: Duration, needsUser: Bool, wantsCameras: Bool, at now: Instant,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.interval = interval
        self.needsUser = needsUser
        self.wantsCameras = wantsCameras
        self.random = random
        phase = .waiting(until: now)
    }

    /// Whether the token was refused, or there is none.
    var isRefused: Bool { if case .refused = phase { true } else { false } }

    /// When `tick` is due next; `nil` while an answer is awaited.
    var deadline: Instant? {
        switch phase {
        case .waiting(let until), .refused(let until): until
        case .asking: nil
        }
    }

    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .tick: return deadline.map { now >= $0 } == true ? [.lookAtToken] : []
        case .token(let isNew, let hasUser): return begin(isNew: isNew, hasUser: hasUser, now)
        case .noToken: return refuse(now)
        case .answered:
            if case .asking(.ttcode(let serial)) = phase { cameras.insert(serial) }
            return next(now)
        case .found(let serials):
            plan(serials)
            return next(now)
        case .failed(let kind, let pause): return failed(kind, pause, now)
        }
    }

    private mutating func begin(isNew: Bool, hasUser: Bool, _ now: Instant) -> [Action] {
        if isRefused, !isNew { return refuse(now) }
        if case .asking = phase { return [] }
        if isNew {
            forbidden = []
            streak = 0
        }
        queue = (needsUser && !hasUser ? [.preference] : []) + [.bind, .print]
        return next(now)
    }

    /// Queues what is asked of each printer.
    private mutating func plan(_ serials: [String]) {
        let count = min(serials.count, Self.printersPerPoll)
        guard count > 0 else { return }
        let start = serials.count <= count ? 0 : turn % serials.count
        turn = start + count
        for offset in 0..<count {
            let serial = serials[(start + offset) % serials.count]
            queue += [.version(serial), .tasks(serial)]
            if wantsCameras, !cameras.contains(serial) { queue.append(.ttcode(serial)) }
        }
    }

    private mutating func next(_ now: Instant) -> [Action] {
        while !queue.isEmpty {
            let step = queue.removeFirst()
            if forbidden.contains(step.api) { continue }
            phase = .asking(step)
            requests[step.api, default: 0] += 1
            return [.send(step)]
        }
        streak = 0
        isUp = true
        // A tenth to either side, so that processes that started together do not ask together for ever.
        phase = .waiting(until: now + interval * Double.random(in: 0.9...1.1, using: &random))
        return [.finish]
    }

    private mutating func failed(_ kind: CloudFailure.Kind, _ pause: Duration?, _ now: Instant) -> [Action] {
        guard case .asking(let step) = phase else { return [] }
        failures[step.api, default: [:]][kind.reason, default: 0] += 1
        switch kind {
        case .refused: return refuse(now)
        case .forbidden where step != .bind:
            forbidden.insert(step.api)
            return next(now)
        default: break
        }
        queue = []
        isUp = false
        streak += 1
        let doubled = interval * (1 << min(streak - 1, 10))
        let isLimit = kind == .limited || kind == .forbidden
        let own = isLimit ? max(Self.limitPause, doubled) : doubled
        let longest = isLimit ? Self.longestLimitPause : Self.longestPause
        let jitter = Double.random(in: 1.0...1.1, using: &random)
        let wait = max(min(own, max(longest, interval)), pause ?? .zero, interval)
        phase = .waiting(until: now + wait * jitter)
        return []
    }

    private mutating func refuse(_ now: Instant) -> [Action] {
        let wasRefused = isRefused
        queue = []
        isUp = false
        phase = .refused(until: now + Self.lookEvery)
        return wasRefused ? [] : [.refuse]
    }
}

extension CloudFailure.Kind {
    /// The label of the metric.
    var reason: AccountSnapshot.Failure {
        switch self {
        case .refused, .unauthorized, .forbidden: .auth
        case .limited: .limited
        case .timeout: .timeout
        case .network: .network
        case .server: .server
        case .shape: .shape
        }
    }
}
