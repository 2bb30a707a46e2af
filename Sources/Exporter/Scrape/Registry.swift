import BambuMetrics
import Platform

/// Carries what scrapes read from the event loop to the listener's thread: printers, the account and shared sessions.
final class Registry: Sendable {
    private struct State {
        var printers: [PrinterMailbox] = []
        var account: AccountSnapshot?
        var sessions: [BrokerSessionCounts.Source: BrokerSessionCounts] = [:]
    }

    private let state = Locked(State())

    /// The printers in the order of the configuration.
    var printers: [PrinterMailbox] { state.withLock { $0.printers } }

    var account: AccountSnapshot? { state.withLock { $0.account } }

    var sessions: [BrokerSessionCounts] {
        let sessions = state.withLock { $0.sessions }
        return BrokerSessionCounts.Source.allCases.compactMap { sessions[$0] }
    }

    func replace(_ printers: [PrinterMailbox]) {
        state.withLock { $0.printers = printers }
    }

    func publish(_ account: AccountSnapshot?) {
        state.withLock { $0.account = account }
    }

    /// - Parameter counts: `nil` if the session no longer exists.
    func publish(_ counts: BrokerSessionCounts?, of source: BrokerSessionCounts.Source) {
        state.withLock { $0.sessions[source] = counts }
    }

    /// Finds a printer by its name, or else by its serial number.
    func find(_ key: String) -> PrinterMailbox? {
        let all = printers
        return all.first { $0.name == key } ?? all.first { $0.serial == key }
    }
}
