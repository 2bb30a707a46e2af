import BambuMetrics
import OpenMetrics
import Platform

/// Carries the snapshot of one printer from its session to scrapes.
final class PrinterMailbox: Sendable {
    /// The snapshot that was published last.
    struct Published: Sendable {
        var snapshot: PrinterSnapshot
        var hints = Hints()
        /// Whether an attempt to connect has ended.
        var isTried: Bool
        /// Until when the telemetry is current, independent of the session's state.
        var freshUntil: Instant?
        /// Increases with every change.
        var version: UInt64
    }

    /// The account's data of the printer.
    struct AccountOverlay: Sendable {
        var identity: AccountIdentity?
        var facts: AccountFacts?
        /// Until when the facts are current, independent of the account's state.
        var until: Instant?
    }

    let name: String
    let serial: String
    /// Whether a source is configured that can deliver reports.
    let hasSource: Bool
    private let published = Locked<Published?>(nil)
    private let overlay = Locked(AccountOverlay())
    /// The version that was scraped last, with its samples if they are worth keeping.
    private let rendered = Locked<(version: UInt64, block: SampleBlock?)>((0, nil))

    init(name: String, serial: String, hasSource: Bool) {
        self.name = name
        self.serial = serial
        self.hasSource = hasSource
    }

    func publish(_ snapshot: PrinterSnapshot, hints: Hints = Hints(), isTried: Bool, freshUntil: Instant?) {
        published.withLock { published in
            let version = (published?.version ?? 0) &+ 1
            published = Published(
                snapshot: snapshot, hints: hints, isTried: isTried, freshUntil: freshUntil, version: version)
        }
    }

    func setAccount(_ new: AccountOverlay) {
        overlay.withLock { $0 = new }
        published.withLock { $0?.version &+= 1 }
    }

    /// The printer's last identity according to the account.
    var identity: AccountIdentity? { overlay.withLock { $0.identity } }

    /// Returns the snapshot to show at `now`; `nil` before the first.
    ///
    /// The session itself marks a silent printer as down. If its thread hangs, old values must not be served as
    /// current: so the scrape checks the time too.
    func read(at now: Instant) -> Published? {
        guard var current = published.withLock({ $0 }) else { return nil }
        if current.snapshot.link.isUp, let until = current.freshUntil, now > until + .seconds(1) {
            current.snapshot.link.isUp = false
            current.snapshot.link.downReason = .silent
            // Marks the version as stale, so that the cache is not reused.
            current.version |= 1 << 63
        }
        let overlay = overlay.withLock { $0 }
        current.snapshot.identity = overlay.identity
        if let until = overlay.until, now < until {
            current.snapshot.account = overlay.facts
            current.version |= 1 << 62
        }
        let link = current.snapshot.link
        if current.snapshot.transport == .cloud, !link.isUp, current.snapshot.account?.isOnline == false,
            [.starting, .silent, .neverReported].contains(link.downReason)
        {
            current.snapshot.link.downReason = .cloudOffline
        }
        return current
    }

    /// Returns the samples of what `read` returned; cached if nothing has changed since the last scrape.
    ///
    /// If a printer reports faster than it is scraped, its samples differ in every scrape. Caching them would only hold
    /// memory: 15 kB with four AMS units.
    func block(of published: Published) -> SampleBlock {
        let last = rendered.withLock { $0 }
        if last.version == published.version, let block = last.block { return block }
        let block = Catalogue.printer.block(of: published.snapshot)
        let isRestless = published.version &- last.version > 1 && last.version != 0
        rendered.withLock { $0 = (published.version, isRestless ? nil : block) }
        return block
    }
}
