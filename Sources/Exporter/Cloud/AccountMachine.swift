import BambuMetrics
import Cloud
import Reactor

/// Decides what to request from the account, and when: one request after the other, poll after poll. A request that fails
/// does not keep the others from being sent. It does nothing itself and reads no clock.
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
        /// The poll is over, and at least one request was answered; `isUp` tells whether all were.
        case finish
        /// There is no user name for the broker, and why.
        case strand(CloudFailure.Kind)
        /// The token is no good: what was said is worth nothing any more, and nothing is asked until its file changes.
        case refuse
    }

    private enum Phase: Equatable {
        case waiting(until: Instant)
        /// The token file is being read.
        case looking(isRefused: Bool)
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
    /// A poll ends after this many requests in a row without any answer: each may have waited for its deadline.
    private static let unansweredLimit = 3

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
    /// The printers of the last answer to `bind`.
    private var serials: [String] = []
    /// Whether the user name is to be requested at the end of the poll.
    private var wantsUser = false
    /// The failures of the present poll, and the requests without an answer since the last one with it.
    private var failed = 0
    private var unanswered = 0
    private var hasAnswer = false
    /// Polls in a row that were not answered at all.
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
    var isRefused: Bool {
        switch phase {
        case .refused, .looking(isRefused: true): true
        case .waiting, .looking, .asking: false
        }
    }

    /// When `tick` is due next; `nil` while an answer is awaited.
    var deadline: Instant? {
        switch phase {
        case .waiting(let until), .refused(let until): until
        case .asking, .looking: nil
        }
    }

    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .tick:
            guard let deadline, now >= deadline else { return [] }
            phase = .looking(isRefused: isRefused)
            return [.lookAtToken]
        case .token(let isNew, let hasUser): return begin(isNew: isNew, hasUser: hasUser, now)
        case .noToken: return refuse(now)
        case .answered:
            if case .asking(.ttcode(let serial)) = phase { cameras.insert(serial) }
            return answered(now)
        case .found(let serials):
            self.serials = serials
            plan()
            return answered(now)
        case .failed(let kind, let pause): return fail(kind, pause, now)
        }
    }

    private mutating func begin(isNew: Bool, hasUser: Bool, _ now: Instant) -> [Action] {
        if isRefused, !isNew { return refuse(now) }
        if case .asking = phase { return [] }
        if isNew {
            forbidden = []
            streak = 0
        }
        queue = [.bind, .print]
        wantsUser = needsUser && !hasUser
        (failed, unanswered, hasAnswer) = (0, 0, false)
        return next(now)
    }

    /// Queues what is requested of each printer.
    private mutating func plan() {
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

    private mutating func answered(_ now: Instant) -> [Action] {
        unanswered = 0
        hasAnswer = true
        return next(now)
    }

    private mutating func next(_ now: Instant) -> [Action] {
        while let step = takeStep() {
            if forbidden.contains(step.api) { continue }
            phase = .asking(step)
            requests[step.api, default: 0] += 1
            return [.send(step)]
        }
        streak = 0
        isUp = failed == 0
        // A tenth to either side, so that processes that started together drift apart.
        phase = .waiting(until: now + interval * Double.random(in: 0.9...1.1, using: &random))
        return [.finish]
    }

    /// The next request. The user name comes last, since only the broker session needs it.
    private mutating func takeStep() -> Step? {
        if queue.isEmpty, wantsUser {
            wantsUser = false
            return .preference
        }
        return queue.isEmpty ? nil : queue.removeFirst()
    }

    private mutating func fail(_ kind: CloudFailure.Kind, _ pause: Duration?, _ now: Instant) -> [Action] {
        guard case .asking(let step) = phase else { return [] }
        failures[step.api, default: [:]][kind.reason, default: 0] += 1
        if kind == .refused { return refuse(now) }
        let stranded: [Action] = step == .preference ? [.strand(kind)] : []
        if kind == .forbidden, step != .bind {
            forbidden.insert(step.api)
            return stranded + next(now)
        }
        failed += 1
        unanswered += 1
        // The printers are known from an earlier poll.
        if step == .bind { plan() }
        let isLimit = kind == .limited || kind == .forbidden || pause != nil
        let hasMore = !queue.isEmpty || wantsUser
        if !isLimit, unanswered < Self.unansweredLimit, hasMore || hasAnswer { return stranded + next(now) }
        return stranded + giveUp(kind, pause, now)
    }

    /// Ends the poll early.
    private mutating func giveUp(_ kind: CloudFailure.Kind, _ pause: Duration?, _ now: Instant) -> [Action] {
        let stranded: [Action] = wantsUser ? [.strand(kind)] : []
        queue = []
        wantsUser = false
        isUp = false
        streak += 1
        let doubled = interval * (1 << min(streak - 1, 10))
        let isLimit = kind == .limited || kind == .forbidden
        let own = isLimit ? max(Self.limitPause, doubled) : doubled
        let longest = isLimit ? Self.longestLimitPause : Self.longestPause
        let jitter = Double.random(in: 1.0...1.1, using: &random)
        let wait = max(min(own, max(longest, interval)), pause ?? .zero, interval)
        phase = .waiting(until: now + wait * jitter)
        return stranded + (hasAnswer ? [.finish] : [])
    }

    private mutating func refuse(_ now: Instant) -> [Action] {
        let wasRefused = isRefused
        queue = []
        wantsUser = false
        isUp = false
        phase = .refused(until: now + Self.lookEvery)
        return wasRefused ? [] : [.refuse]
    }
}
