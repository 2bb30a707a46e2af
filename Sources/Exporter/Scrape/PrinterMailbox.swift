import BambuMetrics
import OpenMetrics
import Reactor

/// Where a session leaves what scrapes show of its printer.
final class PrinterMailbox: Sendable {
    /// What was left last.
    struct Published: Sendable {
        var snapshot: PrinterSnapshot
        var advice = Advice()
        /// Whether an attempt to connect has ended.
        var isTried: Bool
        /// Until when the telemetry may be shown, whatever becomes of the session.
        var freshUntil: Instant?
        /// Grows with every change.
        var version: UInt64
    }

    /// What the account says of the printer.
    struct Told: Sendable {
        var identity: AccountIdentity?
        var facts: AccountFacts?
        /// Until when the facts may be shown, whatever becomes of the account.
        var until: Instant?
    }

    private let published = Locked<Published?>(nil)
    private let told = Locked(Told())
    /// The version that was scraped last, and its samples where they are worth keeping.
    private let rendered = Locked<(version: UInt64, block: Block?)>((0, nil))

    func publish(_ snapshot: PrinterSnapshot, advice: Advice = Advice(), isTried: Bool, freshUntil: Instant?) {
        published.withLock { published in
            let version = (published?.version ?? 0) &+ 1
            published = Published(
                snapshot: snapshot, advice: advice, isTried: isTried, freshUntil: freshUntil, version: version)
        }
    }

    func tell(_ new: Told) {
        told.withLock { $0 = new }
        published.withLock { $0?.version &+= 1 }
    }

    /// Who the account said last that the printer is.
    var identity: AccountIdentity? { told.withLock { $0.identity } }

    /// What to show now.
    ///
    /// The session itself takes a silent printer down. Should its thread hang, old values must not be served as live
    /// for that: so a scrape looks at the time too.
    func read(at now: Instant) -> Published? {
        guard var current = published.withLock({ $0 }) else { return nil }
        if current.snapshot.link.isUp, let until = current.freshUntil, now > until + .seconds(1) {
            current.snapshot.link.isUp = false
            current.snapshot.link.downReason = .silent
            // Another version than the fresh one, and the same as long as nothing changes.
            current.version |= 1 << 63
        }
        let told = told.withLock { $0 }
        current.snapshot.identity = told.identity
        if let until = told.until, now < until {
            current.snapshot.account = told.facts
            current.version |= 1 << 62
        }
        current.snapshot.explainByAccount()
        return current
    }

    /// The samples of what is to be shown now; of a printer at rest, rendered anew only where something has changed since the
    /// last scrape.
    ///
    /// A printer that reports faster than it is scraped never shows the same twice. To keep its samples would only hold
    /// memory: 15 kB with four AMS units.
    func block(at now: Instant) -> Block? {
        guard let published = read(at: now) else { return nil }
        let last = rendered.withLock { $0 }
        if last.version == published.version, let block = last.block { return block }
        let block = Catalogue.printer.block(of: published.snapshot)
        let isRestless = published.version &- last.version > 1 && last.version != 0
        rendered.withLock { $0 = (published.version, isRestless ? nil : block) }
        return block
    }
}

extension PrinterSnapshot {
    /// A printer of which nothing is heard over the cloud's broker, and of which the account says that it is not there.
    fileprivate mutating func explainByAccount() {
        guard transport == .cloud, !link.isUp, account?.isOnline == false else { return }
        if [.starting, .silent, .neverReported].contains(link.downReason) { link.downReason = .cloudOffline }
    }
}
