import BambuMetrics
import BambuProtocol
import Reactor

/// Decides when to connect to a printer on the LAN, what to ask it, and when it is down: one connection, one printer. It
/// does nothing itself and reads no clock: events go in, actions come out.
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

    private(set) var connection: ConnectMachine
    private(set) var watch: WatchMachine

    /// - Parameter past: what another reader of the printer leaves behind.
    init(
        after past: Heritage? = nil, staleAfter: Duration, resyncInterval: Duration, at now: Instant,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        connection = past?.connection ?? ConnectMachine(at: now, random: random)
        connection.restart(at: now)
        watch = WatchMachine(after: past?.watch, staleAfter: staleAfter, resyncInterval: resyncInterval)
    }

    /// What a scrape shows of the link.
    var link: Link {
        var link = watch.link
        link.connects = connection.connects
        link.failures = connection.failures
        return link
    }

    /// Whether one attempt to connect has ended, well or badly.
    var isTried: Bool { connection.isTried }

    /// Notes what the peer's certificate says, once a handshake told it.
    mutating func note(certificateExpiry: Int64?) {
        watch.note(certificateExpiry: certificateExpiry)
    }

    /// Until when the last report counts as news; `nil` before the first.
    var freshUntil: Instant? { watch.freshUntil }

    /// When `tick` is due next; `nil` while only the connection can bring news.
    var deadline: Instant? { Instant.earliest(connection.deadline, watch.deadline) }

    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .tick:
            let actions = settle(watch.tick(at: now), at: now)
            return connection.tick(at: now) ? actions + [.connect] : actions
        case .connected:
            connection.connected(at: now)
            return [.subscribe] + settle(watch.opened(at: now), at: now)
        case .failed(let failure):
            connection.failed(failure, at: now)
            return settle(watch.closed(.failure(failure), at: now), at: now) + [.interrupt]
        case .received(let receipt):
            return settle(watch.received(receipt, at: now), at: now)
        }
    }

    /// A printer of its own connection that falls silent loses it: some P1 come back only so.
    private mutating func settle(_ actions: [WatchMachine.Action], at now: Instant) -> [Action] {
        actions.map { action in
            switch action {
            case .send(let request): return .send(request)
            case .interrupt: return .interrupt
            case .forget: return .forget
            case .silent:
                connection.leave(at: now)
                // It was stale, so there is nothing that had still to be forgotten.
                _ = watch.closed(at: now)
                return .close
            }
        }
    }
}
