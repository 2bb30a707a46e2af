import BambuMetrics
import Cloud
import Platform

/// Decides what to request from the account, and when. It has no side effects and reads no clock.
///
/// Requests of a poll are sent one at a time. If one fails, the others are still sent.
struct AccountMachine {
    /// One request of a poll.
    struct Step: Hashable, Sendable {
        let api: AccountSnapshot.API
        /// The serial number of the printer; "" if the request is about the whole account.
        var serial = ""
    }

    enum Event: Sendable {
        /// A timer fired; see `deadline`.
        case tick
        /// The token file contains a token.
        ///
        /// - Parameter isNew: whether it differs from the last one.
        /// - Parameter hasUser: whether the user name for the broker is known.
        case token(isNew: Bool, hasUser: Bool)
        case noToken
        /// The response to the last request was valid.
        case answered
        /// The response to `bind` contains these printers, whose details are to be requested.
        case found([String])
        case failed(CloudFailure.Kind, pause: Duration?)
    }

    enum Action: Equatable, Sendable {
        case readToken
        case send(Step)
        /// The poll ended with at least one valid response; `isUp` is true if all were valid.
        case finish
        /// The user name for the broker is not available; carries the reason.
        case holdBroker(CloudFailure.Kind)
        /// The token is invalid: the data is withdrawn, and no request is sent until the file changes.
        case refuse
    }

    private enum Phase: Equatable {
        case waiting(until: Instant)
        case readingToken(isRefused: Bool)
        case requesting(Step)
        case refused(until: Instant)
    }

    /// How often to check the file while its token is invalid. No request is sent then.
    private static let tokenInterval = Duration.seconds(2)
    /// How long to pause after a rate limit without Retry-After.
    private static let limitPause = Duration.seconds(15 * 60)
    private static let longestLimitPause = Duration.seconds(3600)
    /// The longest backoff after other failures.
    private static let longestPause = Duration.seconds(15 * 60)
    /// The most printers per poll; a large account is polled in turns.
    private static let printersPerPoll = 50
    /// A poll ends after this many requests in a row without a response, since each may have waited for its deadline.
    private static let unansweredLimit = 3

    private let settings: Configuration.Account
    private var random: any RandomNumberGenerator & Sendable
    private var phase: Phase
    private var queue: [Step] = []
    /// Endpoints that this account may not use; they are not requested again.
    private var forbidden: Set<AccountSnapshot.API> = []
    /// Printers whose camera data is known; it does not change.
    private var cameras: Set<String> = []
    /// The printers of the last `bind` response.
    private var serials: [String] = []
    /// Whether to request the user name at the end of the poll.
    private var wantsUser = false
    /// The failures of the current poll, and the requests without a response since the last valid one.
    private var failed = 0
    private var unanswered = 0
    private var hasAnswer = false
    /// Consecutive polls without any response.
    private var streak = 0
    /// The index of the printer at which the next poll starts.
    private var turn = 0

    private(set) var requests: [AccountSnapshot.API: Int] = [:]
    private(set) var failures: [AccountSnapshot.API: [AccountSnapshot.Failure: Int]] = [:]
    /// Whether all requests of the last poll succeeded.
    private(set) var isUp = false

    init(
        _ settings: Configuration.Account, at now: Instant,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.settings = settings
        self.random = random
        phase = .waiting(until: now)
    }

    /// Whether the token was refused or is missing.
    var isRefused: Bool {
        switch phase {
        case .refused, .readingToken(isRefused: true): true
        case .waiting, .readingToken, .requesting: false
        }
    }

    /// When `tick` is due; `nil` while waiting for a response or the file.
    var deadline: Instant? {
        switch phase {
        case .waiting(let until), .refused(let until): until
        case .requesting, .readingToken: nil
        }
    }

    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .tick:
            guard let deadline, now >= deadline else { return [] }
            phase = .readingToken(isRefused: isRefused)
            return [.readToken]
        case .token(let isNew, let hasUser): return begin(isNew: isNew, hasUser: hasUser, now)
        case .noToken: return refuse(now)
        case .answered:
            if case .requesting(let step) = phase, step.api == .ttcode { cameras.insert(step.serial) }
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
        if case .requesting = phase { return [] }
        if isNew {
            forbidden = []
            streak = 0
        }
        queue = [Step(api: .bind), Step(api: .print)]
        wantsUser = settings.readsReports && !hasUser
        (failed, unanswered, hasAnswer) = (0, 0, false)
        return next(now)
    }

    /// Queues the requests for each printer.
    private mutating func plan() {
        let count = min(serials.count, Self.printersPerPoll)
        guard count > 0 else { return }
        let start = serials.count <= count ? 0 : turn % serials.count
        turn = start + count
        for offset in 0..<count {
            let serial = serials[(start + offset) % serials.count]
            queue += [Step(api: .version, serial: serial), Step(api: .tasks, serial: serial)]
            if settings.wantsCameras, !cameras.contains(serial) { queue.append(Step(api: .ttcode, serial: serial)) }
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
            phase = .requesting(step)
            requests[step.api, default: 0] += 1
            return [.send(step)]
        }
        streak = 0
        isUp = failed == 0
        // Jitter of 10 % to either side, so that processes that started together drift apart.
        phase = .waiting(until: now + settings.interval * Double.random(in: 0.9...1.1, using: &random))
        return [.finish]
    }

    /// Returns the next request. The user name comes last, since only the broker session needs it.
    private mutating func takeStep() -> Step? {
        if queue.isEmpty, wantsUser {
            wantsUser = false
            return Step(api: .preference)
        }
        return queue.isEmpty ? nil : queue.removeFirst()
    }

    private mutating func fail(_ kind: CloudFailure.Kind, _ pause: Duration?, _ now: Instant) -> [Action] {
        guard case .requesting(let step) = phase else { return [] }
        failures[step.api, default: [:]][kind.reason, default: 0] += 1
        if kind == .refused { return refuse(now) }
        let hold: [Action] = step.api == .preference ? [.holdBroker(kind)] : []
        if kind == .forbidden, step.api != .bind {
            forbidden.insert(step.api)
            return hold + next(now)
        }
        failed += 1
        unanswered += 1
        // The printers may be known from an earlier poll.
        if step.api == .bind { plan() }
        let isLimit = kind == .limited || kind == .forbidden || pause != nil
        let hasMore = !queue.isEmpty || wantsUser
        if !isLimit, unanswered < Self.unansweredLimit, hasMore || hasAnswer { return hold + next(now) }
        return hold + giveUp(kind, pause, now)
    }

    /// Ends the poll early.
    private mutating func giveUp(_ kind: CloudFailure.Kind, _ pause: Duration?, _ now: Instant) -> [Action] {
        let hold: [Action] = wantsUser ? [.holdBroker(kind)] : []
        queue = []
        wantsUser = false
        isUp = false
        streak += 1
        let doubled = settings.interval * (1 << min(streak - 1, 10))
        let isLimit = kind == .limited || kind == .forbidden
        let own = isLimit ? max(Self.limitPause, doubled) : doubled
        let longest = isLimit ? Self.longestLimitPause : Self.longestPause
        let jitter = Double.random(in: 1.0...1.1, using: &random)
        let wait = max(min(own, max(longest, settings.interval)), pause ?? .zero, settings.interval)
        phase = .waiting(until: now + wait * jitter)
        return hold + (hasAnswer ? [.finish] : [])
    }

    private mutating func refuse(_ now: Instant) -> [Action] {
        let wasRefused = isRefused
        queue = []
        wantsUser = false
        isUp = false
        phase = .refused(until: now + Self.tokenInterval)
        return wasRefused ? [] : [.refuse]
    }
}
