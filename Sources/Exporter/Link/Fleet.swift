import BambuMetrics
import BambuProtocol
import Platform
import Reactor

/// Starts, stops and replaces printers and sessions according to the configuration and the account.
///
/// Confined to the event loop's thread.
final class Fleet {
    private struct Entry {
        let printer: BrokerPrinter
        let route: PrinterInventory.Route
        let session: BrokerSession?
    }

    private let environment: ReactorEnvironment
    private let registry: Registry
    private let mailbox: AccountMailbox
    private var entries: [Entry] = []
    private var inventory = PrinterInventory()
    private lazy var discovered = DiscoveredPrinters(environment.loop) { [weak self] in self?.read($0) }
    /// Whether the warning about too many printers on the broker has been logged.
    private var isOverflowLogged = false
    private var lastEviction: Instant?
    private var account: AccountSession?
    private var faultCatalogue: FaultCatalogue?
    private var faultTexts: FaultTexts?
    private var sessions: [BrokerSessionCounts.Source: BrokerSession] = [:]
    /// The account's last data by serial number, and until when it is current.
    private var accountPrinters: (bySerial: [String: AccountPrinter], until: Instant?) = ([:], nil)

    init(environment: ReactorEnvironment, registry: Registry, mailbox: AccountMailbox) {
        self.environment = environment
        self.registry = registry
        self.mailbox = mailbox
    }

    /// Applies `configuration`. Unchanged printers keep their connections, state and counters.
    func apply(_ configuration: Configuration) {
        environment.authorities.use(configuration.authorities)
        let old = inventory.configuration
        let isFirst = entries.isEmpty && account == nil && sessions.isEmpty
        inventory.configuration = configuration
        let isSameAccount = !isFirst && configuration.cloud == old.cloud && configuration.shard == old.shard
        if isSameAccount { account?.recheckToken() } else { replaceAccount() }
        if isFirst || configuration.broker != old.broker || configuration.shard != old.shard { replaceBroker() }
        if configuration.faultTexts != old.faultTexts || configuration.stateDirectory != old.stateDirectory {
            replaceFaultCatalogue()
        }
        // The telemetry settings apply to every printer.
        rebuild(keepsPrinters: configuration.telemetry == old.telemetry)
        if !isSameAccount { account?.start() }
    }

    /// The time over which camera probes are spread: four per second, since each costs a handshake.
    private static func spread(of printers: [Configuration.Printer]) -> Duration {
        .milliseconds(250 * max(0, printers.count { $0.host != nil && $0.camera.isEnabled } - 1))
    }

    func stop() {
        discovered.stop()
        account?.stop()
        faultCatalogue?.stop()
        // First the sessions: otherwise the printers would leave them one by one.
        for session in sessions.values { session.stop() }
        sessions = [:]
        for entry in entries { end(entry) }
        entries = []
    }

    private func end(_ entry: Entry) {
        entry.printer.stop()
        if entry.route == .lan { entry.session?.stop() }
    }

    private func replaceAccount() {
        account?.stop()
        account = nil
        replaceSession(.cloud, with: inventory.configuration.cloud.flatMap { $0.readsReports ? $0.session : nil })
        inventory.accountSerials = []
        accountPrinters = ([:], nil)
        guard let settings = inventory.configuration.cloud else { return }
        let listener = AccountSession.Listener(
            onPrinters: { [weak self] serials in
                guard let self, serials != self.inventory.accountSerials else { return }
                self.inventory.accountSerials = serials
                self.rebuild()
            },
            onData: { [weak self] printers, until in
                self?.accountPrinters = (printers, until)
                self?.publishAccount()
            },
            onCredentials: { [weak self] in self?.sessions[.cloud]?.use($0) },
            onHold: { [weak self] in self?.sessions[.cloud]?.hold(.failure($0)) })
        sessions[.cloud]?.onRefused = { [weak self] in self?.account?.recheckToken() }
        account = AccountSession(
            settings, shard: inventory.configuration.shard, environment: environment, mailbox: mailbox,
            listener: listener)
    }

    private func replaceFaultCatalogue() {
        faultCatalogue?.stop()
        faultCatalogue = nil
        use(nil)
        guard let settings = inventory.configuration.faultTexts else { return }
        faultCatalogue = FaultCatalogue(
            settings, stateDirectory: inventory.configuration.stateDirectory, environment: environment
        ) { [weak self] in
            self?.use($0)
        }
    }

    private func use(_ texts: FaultTexts?) {
        faultTexts = texts
        for entry in entries { entry.printer.use(texts) }
    }

    private func replaceBroker() {
        let configuration = inventory.configuration
        replaceSession(.broker, with: configuration.broker?.session(of: configuration.shard))
        inventory.removeAllDiscovered()
        isOverflowLogged = false
        guard let broker = inventory.configuration.broker, let session = sessions[.broker] else { return }
        session.onDiscovery = { [weak self] in self?.discover($0, $1) }
        session.use(BrokerSession.Credentials(user: broker.user, password: broker.password))
    }

    private func replaceSession(_ source: BrokerSessionCounts.Source, with settings: BrokerSession.Settings?) {
        sessions.removeValue(forKey: source)?.stop()
        guard let settings else { return mailbox.withdraw(source) }
        sessions[source] = BrokerSession(settings, environment: environment) { [mailbox] in mailbox.publish($0) }
    }

    // Discovery.

    /// Handles a message of a printer that is not configured.
    private func discover(_ serial: String, _ payload: [UInt8]) {
        if inventory.isFull, inventory.isNew(serial) { makeRoom() }
        discovered.receive(payload, of: serial, isNew: inventory.addDiscovered(serial))
    }

    /// Drops the discovered printers that have been silent longest. Runs at most once a second, since it visits every
    /// printer.
    private func makeRoom() {
        let now = environment.loop.now
        if let lastEviction, now - lastEviction < .seconds(1) { return }
        lastEviction = now
        if !isOverflowLogged {
            isOverflowLogged = true
            environment.log.warn(
                "Too many printers report on the broker; those that have been silent longest are dropped",
                [
                    "limit": PrinterInventory.discoveryLimit,
                    "remedy": "List the printers in broker.printers, or split them over several exporters with shard",
                ])
        }
        inventory.makeRoom(
            among: entries.map(\.printer).filter { !$0.isUp }.map { ($0.settings.serial, $0.lastReport ?? 0) })
    }

    private func read(_ messages: [String: [[UInt8]]]) {
        rebuild()
        for entry in entries {
            for payload in messages[entry.printer.settings.serial] ?? [] {
                entry.printer.receive(payload, at: environment.loop.now)
            }
        }
    }

    // Printers.

    /// Rebuilds the entries from the inventory.
    ///
    /// A printer whose settings or route changed keeps its state, its counters and the time of its last full-report
    /// request.
    ///
    /// - Parameter keepsPrinters: whether unchanged printers keep running.
    private func rebuild(keepsPrinters: Bool = true) {
        var old = Dictionary(entries.map { ($0.printer.settings.serial, $0) }) { first, _ in first }
        var fresh: [Entry] = []
        let spread = Self.spread(of: inventory.configuration.ownPrinters)
        entries = inventory.printers.map { settings, route in
            let before = old[settings.serial]
            if keepsPrinters, let before, before.printer.settings == settings, before.route == route,
                route == .lan || before.session === route.source.flatMap({ sessions[$0] })
            {
                old[settings.serial] = nil
                return before
            }
            let entry = entry(for: settings, route, after: before?.printer.handover, spread: spread)
            fresh.append(entry)
            return entry
        }
        for gone in old.values { end(gone) }
        registry.replace(
            entries.map { entry in
                let settings = entry.printer.settings
                return Registry.Entry(
                    name: settings.name, serial: settings.serial, hasSource: entry.session != nil,
                    mailbox: entry.printer.mailbox)
            })
        publishAccount()
        faultCatalogue?.watch(entries.map(\.printer.settings.serial))
        for entry in fresh {
            entry.session?.join(entry.printer)
            if entry.route == .lan {
                let code = entry.printer.settings.accessCode
                entry.session?.use(BrokerSession.Credentials(user: "bblp", password: code))
            }
        }
    }

    private func entry(
        for settings: Configuration.Printer, _ route: PrinterInventory.Route, after handover: PrinterHandover?,
        spread: Duration
    ) -> Entry {
        let session: BrokerSession? =
            switch route {
            case .lan:
                BrokerSession(
                    BrokerSession.Settings(settings, at: settings.host ?? ""), after: handover?.connection,
                    environment: environment)
            case .shared(let source): sessions[source]
            case .none: nil
            }
        // A printer without a source is known from the account only.
        let transport: PrinterSnapshot.Transport =
            switch route {
            case .lan: .lan
            case .shared(.broker): .broker
            case .shared(.cloud), .none: .cloud
            }
        let printer = BrokerPrinter(
            settings, over: transport, session: session, after: handover,
            telemetry: inventory.configuration.telemetry, spread: spread, faultTexts: faultTexts,
            environment: environment)
        return Entry(printer: printer, route: route, session: session)
    }

    private func publishAccount() {
        for entry in entries {
            let printer = accountPrinters.bySerial[entry.printer.settings.serial]
            // Keep the identity if the account stops answering.
            let identity = printer?.identity ?? entry.printer.mailbox.identity
            entry.printer.mailbox.setAccount(
                PrinterMailbox.AccountOverlay(identity: identity, facts: printer?.facts, until: accountPrinters.until))
        }
    }
}
