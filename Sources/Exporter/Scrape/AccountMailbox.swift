import BambuMetrics
import Reactor

/// Where the account and the sessions that printers share leave what scrapes show of them.
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

    /// There is no such session any more.
    func withdraw(_ source: BrokerSessionCounts.Source) {
        state.withLock { $0.links[source] = nil }
    }

    var account: AccountSnapshot? { state.withLock { $0.account } }

    var links: [BrokerSessionCounts] {
        let links = state.withLock { $0.links }
        return BrokerSessionCounts.Source.allCases.compactMap { links[$0] }
    }
}
