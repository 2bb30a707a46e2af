import BambuMetrics
import BambuProtocol
import Platform
import Reactor

/// Starts, stops and replaces printers and sessions according to the configuration and the account.
///
/// Confined to the event loop's thread.
final class Fleet {
    private let environment: ReactorEnvironment
    private var printers: [BrokerPrinter] = []
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

    init(environment: ReactorEnvironment) {
        self.environment = environment
    }

    /// Applies `configuration`. Unchanged printers keep their connections, state and counters.
    func apply(_ configuration: Configuration) {
        environment.authorities.value = configuration.authorities
        let old = inventory.configuration
        let isFirst = printers.isEmpty && account == nil && sessions.isEmpty
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
        for printer in printers { printer.stop() }
        printers = []
    }

    private func replaceAccount() {
        account?.stop()
        account = nil
        replaceSession(.cloud, with: inventory.configuration.cloud.flatMap { $0.readsReports ? $0.session : nil })
        inventory.accountSerials = []
        accountPrinters = ([:], nil)
        guard let settings = inventory.configuration.cloud else { return }
        sessions[.cloud]?.onRefused = { [weak self] in self?.account?.recheckToken() }
        account = AccountSession(
            settings, shard: inventory.configuration.shard, environment: environment, session: sessions[.cloud]
        ) { [weak self] serials in
            guard let self, serials != inventory.accountSerials else { return }
            inventory.accountSerials = serials
            rebuild()
        } onData: { [weak self] printers, until in
            self?.accountPrinters = (printers, until)
            self?.publishAccount()
        }
    }

    private func replaceFaultCatalogue() {
        faultCatalogue?.stop()
        use(nil)
        let configuration = inventory.configuration
        faultCatalogue = configuration.faultTexts.map { settings in
            FaultCatalogue(settings, stateDirectory: configuration.stateDirectory, environment: environment) {
                [weak self] in self?.use($0)
            }
        }
    }

    private func use(_ texts: FaultTexts?) {
        faultTexts = texts
        for printer in printers { printer.use(texts) }
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
        guard let settings else { return environment.registry.publish(nil, of: source) }
        sessions[source] = BrokerSession(settings, environment: environment)
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
        inventory.makeRoom(among: printers.filter { !$0.isUp }.map { ($0.settings.serial, $0.lastReport ?? 0) })
    }

    private func read(_ messages: [String: [[UInt8]]]) {
        rebuild()
        for printer in printers {
            for payload in messages[printer.settings.serial] ?? [] {
                printer.receive(payload, at: environment.loop.now)
            }
        }
    }

    // Printers.

    /// Rebuilds the printers from the inventory.
    ///
    /// - Parameter keepsPrinters: whether unchanged printers keep running.
    private func rebuild(keepsPrinters: Bool = true) {
        var old = Dictionary(printers.map { ($0.settings.serial, $0) }) { first, _ in first }
        var fresh: [BrokerPrinter] = []
        let spread = Self.spread(of: inventory.configuration.ownPrinters)
        printers = inventory.printers.map { settings, route in
            let before = old[settings.serial]
            let session = route.source.flatMap { sessions[$0] }
            if keepsPrinters, let before, before.settings == settings, before.route == route,
                route == .lan || before.session === session
            {
                old[settings.serial] = nil
                return before
            }
            let printer = BrokerPrinter(
                settings, over: route, sharing: session, after: before,
                telemetry: inventory.configuration.telemetry, spread: spread, faultTexts: faultTexts,
                environment: environment)
            fresh.append(printer)
            return printer
        }
        for gone in old.values { gone.stop() }
        environment.registry.replace(printers.map(\.mailbox))
        publishAccount()
        faultCatalogue?.watch(printers.map(\.settings.serial))
        for printer in fresh { printer.start() }
    }

    private func publishAccount() {
        for printer in printers {
            let account = accountPrinters.bySerial[printer.settings.serial]
            // Keep the identity if the account stops answering.
            let identity = account?.identity ?? printer.mailbox.identity
            printer.mailbox.setAccount(
                PrinterMailbox.AccountOverlay(identity: identity, facts: account?.facts, until: accountPrinters.until))
        }
    }
}
