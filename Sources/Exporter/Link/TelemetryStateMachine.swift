import BambuMetrics
import BambuProtocol
import Platform

/// Decides what to request from one printer over a broker session, and when the printer is down.
///
/// It has no side effects and reads no clock: events go in, actions come out.
struct TelemetryStateMachine {
    enum Action: Equatable, Sendable {
        case send(PrinterRequest)
        /// The printer was silent for `staleAfter` although the session is open.
        case silent
        /// Reports may have been missed.
        case interrupt
        /// Too many reports may have been missed: drop the merged state.
        case forget
    }

    private enum State {
        /// No session is open.
        case offline
        /// The session is open and the printer has not reported on it.
        case waiting(since: Instant, isNudged: Bool)
        /// Reports arrive.
        case reporting(isNudged: Bool)
        /// The session is open; no report arrived for `staleAfter`.
        case silent
        /// The session is open; the broker reports that the printer disconnected.
        case away
        /// The session is open; the broker refused the subscription to the printer's reports.
        case denied
    }

    /// The minimum interval of full-report requests across reconnects: they are expensive for a P1 or A1.
    private static let pushAllSpacing = Duration.seconds(60)
    /// The minimum interval of version requests that are sent because the printer connected to the broker.
    private static let arrivalSpacing = Duration.seconds(60)
    private static let versionInterval = Duration.seconds(24 * 3600)

    private var settings: Configuration.Telemetry
    private var state = State.offline
    private var lastReport: Instant?
    private var lastPushAll: Instant?
    private var lastVersion: Instant?
    /// When the version was last requested because the printer connected to the broker.
    private var lastArrival: Instant?
    private var wantsPushAll = false
    /// Whether a session was open for `staleAfter` without a first report.
    private var neverReported = false
    /// When the merged state was dropped; `nil` from the next report on.
    private var forgottenAt: Instant?

    /// Why the printer is down; only meaningful if `isUp` is false.
    private(set) var downReason = Link.DownReason.starting

    /// - Parameter past: the machine of the same printer over another session or with other intervals. The times of its
    ///   requests are kept.
    init(after past: TelemetryStateMachine? = nil, _ settings: Configuration.Telemetry) {
        if let past { self = past }
        self.settings = settings
        if isUp { downReason = .starting }
        state = .offline
    }

    var isUp: Bool { if case .reporting = state { true } else { false } }

    /// Whether the broker session is open.
    var isConnected: Bool { if case .offline = state { false } else { true } }

    /// Until when the last report is current; `nil` before the first.
    var freshUntil: Instant? { lastReport.map { $0 + settings.staleAfter } }

    private var holdsReports: Bool { lastReport != nil && forgottenAt == nil }

    /// When `tick` is due; `nil` if only a message or the session can change the state.
    var deadline: Instant? {
        let stale = holdsReports ? freshUntil : nil
        guard let request = nextRequest else { return stale }
        let silence = silenceBegan.map { $0.since + ($0.isNudged ? settings.staleAfter : nudgeAfter) }
        return .earliest(stale, .earliest(silence, request))
    }

    private var nudgeAfter: Duration { settings.staleAfter * 2 / 3 }

    /// When the current silence began; `nil` if silence has no meaning or is already reported.
    private var silenceBegan: (since: Instant, isNudged: Bool)? {
        switch state {
        case .waiting(let since, let isNudged): (since, isNudged)
        case .reporting(let isNudged): lastReport.map { ($0, isNudged) }
        case .offline, .silent, .away, .denied: nil
        }
    }

    /// When the next periodic request is due; `nil` if the printer cannot be reached.
    private var nextRequest: Instant? {
        guard canSend, let lastPushAll, let lastVersion else { return nil }
        let spacing = wantsPushAll ? Self.pushAllSpacing : max(settings.resyncInterval, Self.pushAllSpacing)
        return min(lastPushAll + spacing, lastVersion + Self.versionInterval)
    }

    private var canSend: Bool {
        switch state {
        case .waiting, .reporting, .silent: true
        case .offline, .away, .denied: false
        }
    }

    /// Handles an opened session that is subscribed to the printer's reports.
    mutating func opened(at now: Instant) -> [Action] {
        if !isUp { state = .waiting(since: now, isNudged: false) }
        if lastReport == nil { downReason = neverReported ? .neverReported : .starting }
        wantsPushAll = true
        lastVersion = now
        return [.send(.getVersion)] + pushAllIfDue(now)
    }

    /// Handles a session that ended or could not be established.
    ///
    /// - Parameter reason: why the printer is down; `nil` keeps the current reason.
    mutating func closed(_ reason: Link.DownReason? = nil, at now: Instant) -> [Action] {
        state = .offline
        if let reason { downReason = reason }
        return forgetIfStale(now) + [.interrupt]
    }

    mutating func denied(at now: Instant) -> [Action] {
        state = .denied
        downReason = .failure(.auth)
        return forgetIfStale(now) + [.interrupt]
    }

    /// Drops stale state before a message is merged, so that a report after a gap starts from nothing.
    mutating func willReceive(at now: Instant) -> [Action] {
        let actions = forgetIfStale(now)
        return actions.isEmpty ? [] : actions + [.interrupt]
    }

    /// Handles a merged message. Must be called after `willReceive`.
    mutating func received(_ outcome: Printer.MessageOutcome, at now: Instant) -> [Action] {
        if let presence = outcome.presence { return observed(presence, at: now) }
        guard outcome.isReport else { return [] }
        if outcome.isAfterLoss || isIncomplete { wantsPushAll = true }
        state = .reporting(isNudged: false)
        lastReport = now
        forgottenAt = nil
        return pushAllIfDue(now)
    }

    /// Whether the merged state was dropped and no full report has been requested since.
    private var isIncomplete: Bool {
        guard let forgottenAt else { return false }
        return lastPushAll.map { $0 <= forgottenAt } ?? true
    }

    private mutating func observed(_ presence: CloudPresence, at now: Instant) -> [Action] {
        guard isConnected else { return [] }
        switch presence {
        case .disconnected:
            state = .away
            downReason = .cloudOffline
            return forgetIfStale(now) + [.interrupt]
        case .connected:
            if !isUp { state = .waiting(since: now, isNudged: false) }
            wantsPushAll = true
            return versionOnArrival(now) + pushAllIfDue(now)
        }
    }

    /// Handles the passing of time; see `deadline`.
    mutating func tick(at now: Instant) -> [Action] {
        var actions: [Action] = []
        if let (since, isNudged) = silenceBegan {
            if now - since >= settings.staleAfter { return fallSilent(at: now) }
            if !isNudged, now - since >= nudgeAfter {
                recordNudge()
                wantsPushAll = true
                actions.append(.send(.start))
            }
        }
        actions += forgetIfStale(now)
        guard canSend else { return actions }
        if let lastPushAll, now - lastPushAll >= settings.resyncInterval { wantsPushAll = true }
        return actions + versionIfDue(now) + pushAllIfDue(now)
    }

    private mutating func fallSilent(at now: Instant) -> [Action] {
        state = .silent
        neverReported = lastReport == nil
        downReason = neverReported ? .neverReported : .silent
        return [.silent] + forgetIfStale(now) + [.interrupt]
    }

    private mutating func recordNudge() {
        switch state {
        case .waiting(let since, _): state = .waiting(since: since, isNudged: true)
        case .reporting: state = .reporting(isNudged: true)
        case .offline, .silent, .away, .denied: break
        }
    }

    private mutating func versionIfDue(_ now: Instant) -> [Action] {
        if let lastVersion, now - lastVersion < Self.versionInterval { return [] }
        lastVersion = now
        return [.send(.getVersion)]
    }

    private mutating func versionOnArrival(_ now: Instant) -> [Action] {
        if let lastArrival, now - lastArrival < Self.arrivalSpacing { return [] }
        (lastArrival, lastVersion) = (now, now)
        return [.send(.getVersion)]
    }

    private mutating func pushAllIfDue(_ now: Instant) -> [Action] {
        guard wantsPushAll, canSend else { return [] }
        if let lastPushAll, now - lastPushAll < Self.pushAllSpacing { return [] }
        wantsPushAll = false
        lastPushAll = now
        return [.send(.pushAll)]
    }

    private mutating func forgetIfStale(_ now: Instant) -> [Action] {
        guard holdsReports, let freshUntil, now >= freshUntil else { return [] }
        forgottenAt = now
        return [.forget]
    }
}
