import BambuMetrics
import Reactor

/// Where the account and the sessions that printers share leave what scrapes show of them.
final class SharedCell: Sendable {
    private struct State {
        var account: AccountSnapshot?
        var links: [SharedLink.Source: SharedLink] = [:]
    }

    private let state = Locked(State())

    func publish(_ account: AccountSnapshot?) {
        state.withLock { $0.account = account }
    }

    func publish(_ link: SharedLink) {
        state.withLock { $0.links[link.source] = link }
    }

    /// There is no such session any more.
    func withdraw(_ source: SharedLink.Source) {
        state.withLock { $0.links[source] = nil }
    }

    var account: AccountSnapshot? { state.withLock { $0.account } }

    var links: [SharedLink] {
        let links = state.withLock { $0.links }
        return SharedLink.Source.allCases.compactMap { links[$0] }
    }
}
