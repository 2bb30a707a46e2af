import BambuMetrics
import BambuProtocol
import Reactor

/// Watches one printer over a session with a broker, its own or a shared one: what to ask it, and when it is down. It does
/// nothing itself and reads no clock.
struct WatchMachine {
    enum Action: Equatable, Sendable {
        case send(Request)
        /// It has said nothing for `staleAfter`, though the session stands.
        case silent
        /// Reports may have been missed.
        case interrupt
        /// Too many may have been missed: what was merged is worth nothing.
        case forget
    }

    /// A full report is asked for at most once in so long, over all reasons and reconnects: it is work for a P1 or A1.
    private static let pushAllSpacing = Duration.seconds(60)
    private static let versionInterval = Duration.seconds(24 * 3600)

    private var staleAfter: Duration
    private var resyncInterval: Duration
    /// Since when the session stands, or since when the printer is known to be on it; `nil` while it does not.
    private var since: Instant?
    private var lastReport: Instant?
    private var lastPushAll: Instant?
    private var lastVersion: Instant?
    private var wantsPushAll = false
    /// Whether the present silence has been answered with a nudge.
    private var isNudged = false
    /// Whether the present silence has been told of.
    private var isSilent = false
    /// Whether a session stood for long, and nothing was ever reported.
    private var isMute = false
    /// Whether the broker says that the printer has left it.
    private var isAway = false
    private var isForgotten = true

    /// What a scrape shows of the link, but for what the session counts.
    private(set) var link = Link()

    init(staleAfter: Duration, resyncInterval: Duration) {
        self.staleAfter = staleAfter
        self.resyncInterval = resyncInterval
    }

    /// The same printer over another session, or with other times: what was reported and what was asked for stays known.
    init(after past: WatchMachine?, staleAfter: Duration, resyncInterval: Duration) {
        self = past ?? WatchMachine(staleAfter: staleAfter, resyncInterval: resyncInterval)
        self.staleAfter = staleAfter
        self.resyncInterval = resyncInterval
        since = nil
        link.isConnected = false
        if link.isUp { link.downReason = .starting }
        link.isUp = false
    }

    /// Notes what the peer's certificate says, once a handshake told it.
    mutating func note(certificateExpiry: Int64?) {
        link.certificateExpiry = certificateExpiry
    }

    /// Until when the last report counts as news; `nil` before the first.
    var freshUntil: Instant? { lastReport.map { $0 + staleAfter } }

    /// When `tick` is due next; `nil` while only messages can bring news.
    var deadline: Instant? {
        let stale = isForgotten ? nil : freshUntil
        guard let since, !isAway else { return stale }
        let silent = isSilent ? nil : silentSince(since) + (isNudged ? staleAfter : nudgeAfter)
        let wanted = wantsPushAll ? Self.pushAllSpacing : max(resyncInterval, Self.pushAllSpacing)
        let ask = min((lastPushAll ?? since) + wanted, (lastVersion ?? since) + Self.versionInterval)
        return Instant.earliest(Instant.earliest(stale, silent), ask)
    }

    private var nudgeAfter: Duration { staleAfter * 2 / 3 }

    private func silentSince(_ since: Instant) -> Instant { max(since, lastReport ?? since) }

    /// The session stands, and the printer's reports are subscribed to.
    mutating func opened(at now: Instant) -> [Action] {
        since = now
        isNudged = false
        isSilent = false
        isAway = false
        link.isConnected = true
        if lastReport == nil { link.downReason = isMute ? .neverReported : .starting }
        wantsPushAll = true
        lastVersion = now
        return [.send(.getVersion)] + pushAllIfDue(now)
    }

    /// The session is gone, or could not be had.
    ///
    /// - Parameter reason: why the printer is down; `nil` where that is known already.
    mutating func closed(_ reason: Link.DownReason? = nil, at now: Instant) -> [Action] {
        since = nil
        link.isConnected = false
        link.isUp = false
        if let reason { link.downReason = reason }
        return forgetIfStale(now)
    }

    /// A message was taken in. What is stale by `now` must have been ticked away before: a report that follows a gap is
    /// not to be merged with what was before it.
    mutating func received(_ receipt: Printer.Receipt, at now: Instant) -> [Action] {
        if let presence = receipt.presence { return observe(presence, now) }
        guard receipt.isReport else { return [] }
        lastReport = now
        isNudged = false
        isSilent = false
        isAway = false
        isForgotten = false
        link.isUp = true
        if receipt.isAfterLoss { wantsPushAll = true }
        return pushAllIfDue(now)
    }

    private mutating func observe(_ presence: Presence, _ now: Instant) -> [Action] {
        guard since != nil else { return [] }
        switch presence {
        case .disconnected:
            isAway = true
            link.isUp = false
            link.downReason = .cloudOffline
            return forgetIfStale(now) + [.interrupt]
        case .connected:
            since = now
            isAway = false
            isNudged = false
            isSilent = false
            wantsPushAll = true
            lastVersion = now
            return [.send(.getVersion)] + pushAllIfDue(now)
        }
    }

    /// Time has passed; see `deadline`.
    mutating func tick(at now: Instant) -> [Action] {
        guard let since, !isAway else { return forgetIfStale(now) }
        let silence = now - silentSince(since)
        if silence >= staleAfter, !isSilent {
            isSilent = true
            link.isUp = false
            isMute = lastReport == nil
            link.downReason = isMute ? .neverReported : .silent
            return [.silent] + forgetIfStale(now) + [.interrupt]
        }
        var actions = forgetIfStale(now)
        if !isNudged, !isSilent, silence >= nudgeAfter {
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
        guard wantsPushAll, since != nil else { return [] }
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
