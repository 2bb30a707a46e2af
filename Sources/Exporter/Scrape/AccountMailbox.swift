import BambuMetrics
import Platform

/// Carries the data of the account and of shared sessions from the event loop to scrapes.
final class AccountMailbox: Sendable {
    private struct State {
        var account: AccountSnapshot?
        var links: [BrokerSessionCounts.Source: BrokerSessionCounts] = [:]
    }

    private let state = Locked(State())

    func publish(_ account: AccountSnapshot?) {
        state.withLock { $0.account = account }
    }

    func publish(_ link: BrokerSessionCounts) {
        state.withLock { $0.links[link.source] = link }
    }

    /// Removes the counters of a session that no longer exists.
    func withdraw(_ source: BrokerSessionCounts.Source) {
        state.withLock { $0.links[source] = nil }
    }

    var account: AccountSnapshot? { state.withLock { $0.account } }

    var links: [BrokerSessionCounts] {
        let links = state.withLock { $0.links }
        return BrokerSessionCounts.Source.allCases.compactMap { links[$0] }
    }
}
