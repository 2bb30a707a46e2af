import BambuMetrics
import BambuProtocol
import Reactor

/// Decides when to connect to a printer, what to ask it, and when it is down. It does nothing itself and reads no
/// clock: events go in, actions come out.
struct LinkMachine {
    enum Event: Sendable {
        /// Time has passed; see `deadline`.
        case tick
        /// The broker accepted the session.
        case connected
        /// The attempt to connect failed, or the session broke.
        case failed(Link.Failure)
        /// A message was taken in.
        case received(Printer.Receipt)
    }

    enum Action: Equatable, Sendable {
        /// Make a connection, as soon as there is room for one more.
        case connect
        /// End the connection.
        case close
        case subscribe
        case send(Request)
        /// Reports may have been missed.
        case interrupt
        /// Too many may have been missed: what was merged is worth nothing.
        case forget
    }

    private enum Phase: Equatable {
        case waiting(until: Instant)
        case connecting
        case open(since: Instant)
    }

    /// A full report is asked for at most once in so long, over all reasons and reconnects: it is work for a P1 or A1.
    private static let pushAllSpacing = Duration.seconds(60)
    /// A session that stood for so long makes the next attempt a first one.
    private static let stable = Duration.seconds(60)
    private static let versionInterval = Duration.seconds(24 * 3600)
    private static let longestWait = Duration.seconds(60)

    private let staleAfter: Duration
    private let resyncInterval: Duration
    private var random: any RandomNumberGenerator & Sendable
    private var phase: Phase
    private var attempts = 0
    private var lastReport: Instant?
    private var lastPushAll: Instant?
    private var lastVersion: Instant?
    private var wantsPushAll = false
    /// Whether the present silence has been answered with a nudge.
    private var isNudged = false
    private var isForgotten = true

    /// What a scrape shows of the link.
    private(set) var link = Link()
    /// Whether one attempt to connect has ended, well or badly.
    private(set) var isTried = false

    init(
        staleAfter: Duration, resyncInterval: Duration, at now: Instant,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.staleAfter = staleAfter
        self.resyncInterval = resyncInterval
        self.random = random
        phase = .waiting(until: now)
    }

    /// Notes what the peer's certificate says, once a handshake told it.
    mutating func note(certificateExpiry: Int64?) {
        link.certificateExpiry = certificateExpiry
    }

    /// Until when the last report counts as news; `nil` before the first.
    var freshUntil: Instant? { lastReport.map { $0 + staleAfter } }

    /// When `tick` is due next; `nil` while only the connection can bring news.
    var deadline: Instant? {
        var due: [Instant] = []
        if !isForgotten, let lastReport { due.append(lastReport + staleAfter) }
        switch phase {
        case .waiting(let until): due.append(until)
        case .connecting: break
        case .open(let since):
            let silentSince = max(since, lastReport ?? since)
            due.append(silentSince + (isNudged ? staleAfter : nudgeAfter))
            let wanted = wantsPushAll ? Self.pushAllSpacing : max(resyncInterval, Self.pushAllSpacing)
            due.append((lastPushAll ?? since) + wanted)
            due.append((lastVersion ?? since) + Self.versionInterval)
        }
        return due.min()
    }

    private var nudgeAfter: Duration { staleAfter * 2 / 3 }

    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .tick: return tick(now)
        case .connected: return connected(now)
        case .failed(let failure): return failed(failure, now)
        case .received(let receipt): return received(receipt, now)
        }
    }

    private mutating func connected(_ now: Instant) -> [Action] {
        isTried = true
        phase = .open(since: now)
        isNudged = false
        link.isConnected = true
        link.connects += 1
        if lastReport == nil { link.downReason = .starting }
        wantsPushAll = true
        lastVersion = now
        return [.subscribe, .send(.getVersion)] + pushAllIfDue(now)
    }

    private mutating func failed(_ failure: Link.Failure, _ now: Instant) -> [Action] {
        if !link.isConnected { link.failures[failure, default: 0] += 1 }
        link.downReason = .failure(failure)
        return leave(now, atLeast: failure == .auth ? Self.longestWait : .zero) + [.interrupt]
    }

    /// The session is gone: waits for the next attempt.
    private mutating func leave(_ now: Instant, atLeast: Duration) -> [Action] {
        isTried = true
        if case .open(let since) = phase, now - since >= Self.stable { attempts = 0 }
        let doubled = Duration.seconds(1) * (1 << min(attempts, 6))
        attempts = min(attempts + 1, 30)
        // A fifth to either side, so that a thousand printers do not come back at the same moment.
        let jitter = Double.random(in: 0.8...1.2, using: &random)
        phase = .waiting(until: now + max(min(doubled, Self.longestWait), atLeast) * jitter)
        link.isConnected = false
        link.isUp = false
        return forgetIfStale(now)
    }

    private mutating func received(_ receipt: Printer.Receipt, _ now: Instant) -> [Action] {
        guard receipt.isReport else { return [] }
        // A report that follows a gap which nobody has ticked away must not be merged with what was before it; the
        // caller ticks before it merges.
        lastReport = now
        isNudged = false
        isForgotten = false
        link.isUp = true
        if receipt.isAfterLoss { wantsPushAll = true }
        return pushAllIfDue(now)
    }

    private mutating func tick(_ now: Instant) -> [Action] {
        switch phase {
        case .connecting:
            return forgetIfStale(now)
        case .waiting(let until):
            let forgetting = forgetIfStale(now)
            guard now >= until else { return forgetting }
            phase = .connecting
            return forgetting + [.connect]
        case .open(let since):
            return watch(since: since, now)
        }
    }

    /// Watches an open session for silence, and asks for what is due.
    private mutating func watch(since: Instant, _ now: Instant) -> [Action] {
        let silence = now - max(since, lastReport ?? since)
        if silence >= staleAfter {
            link.downReason = lastReport == nil ? .neverReported : .silent
            return [.close] + leave(now, atLeast: .zero) + [.interrupt]
        }
        var actions = forgetIfStale(now)
        if !isNudged, silence >= nudgeAfter {
            isNudged = true
            wantsPushAll = true
            actions.append(.send(.start))
        }
        if let last = lastPushAll, now - last >= resyncInterval { wantsPushAll = true }
        if let last = lastVersion, now - last >= Self.versionInterval {
            lastVersion = now
            actions.append(.send(.getVersion))
        }
        return actions + pushAllIfDue(now)
    }

    private mutating func pushAllIfDue(_ now: Instant) -> [Action] {
        guard wantsPushAll, link.isConnected else { return [] }
        if let last = lastPushAll, now - last < Self.pushAllSpacing { return [] }
        wantsPushAll = false
        lastPushAll = now
        return [.send(.pushAll)]
    }

    private mutating func forgetIfStale(_ now: Instant) -> [Action] {
        guard !isForgotten, let lastReport, now - lastReport >= staleAfter else { return [] }
        isForgotten = true
        link.isUp = false
        return [.forget]
    }
}
