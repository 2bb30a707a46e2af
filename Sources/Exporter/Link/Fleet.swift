import BambuMetrics
import Reactor

/// Reads one printer, however it is reached. Confined to the loop's thread.
protocol PrinterReader: AnyObject {
    var settings: Configuration.Printer { get }
    var cell: PrinterCell { get }
    /// What is known for whoever reads the printer after it.
    var heritage: Heritage { get }
    func start()
    /// Takes in a message of the printer's report topic.
    func receive(_ payload: UnsafeRawBufferPointer)
    /// Says goodbye and does nothing more.
    func stop()
}

/// All printers, and what brings reports of them: starts, stops and keeps it as the configuration and the account say.
/// Confined to the loop's thread.
final class Fleet {
    private struct Watched {
        let reader: any PrinterReader
        let route: Roster.Route
        /// The shared session that it was made for.
        let session: SharedSession?
    }

    private let around: PrinterSession.Surroundings
    private let registry: Registry
    private let cell: SharedCell
    private var watched: [Watched] = []
    private var roster = Roster()
    private var telemetry: Configuration.Telemetry?
    /// Set while strangers that have come wait to be read, and what they said meanwhile.
    private var arrivals: TimerQueue.Token?
    private var unread = UnreadMessages()
    private var account: AccountSession?
    private var sessions: [SharedLink.Source: SharedSession] = [:]
    /// What the account said last of its printers, and until when it may be shown.
    private var told: (printers: [String: AccountPrinter], until: Instant?) = ([:], nil)

    init(around: PrinterSession.Surroundings, registry: Registry, cell: SharedCell) {
        self.around = around
        self.registry = registry
        self.cell = cell
    }

    /// Makes everything that of `configuration`. What has not changed keeps its connection, its state and its counters.
    func apply(_ configuration: Configuration) {
        around.authorities.use(configuration.authorities)
        // It holds for every printer, so each is watched anew.
        let isSameTelemetry = telemetry == configuration.telemetry
        telemetry = configuration.telemetry
        let isSameAccount =
            configuration.cloud == roster.configuration.cloud && configuration.shard == roster.configuration.shard
        let isSameBroker = configuration.broker == roster.configuration.broker
        roster.configuration = configuration
        if !isSameAccount { replaceAccount() } else { account?.lookAgain() }
        if !isSameBroker { replaceBroker() }
        rebuild(keepsReaders: isSameTelemetry)
        if !isSameAccount { account?.start() }
    }

    /// How long others are waited for once one printer that nobody named has reported.
    private static let pause = Duration.milliseconds(100)

    /// A look costs a handshake: four cameras begin in a second, so that a hundred take 25.
    private static func spread(of printers: [Configuration.Printer]) -> Duration {
        .milliseconds(250 * max(0, printers.count { $0.host != nil && $0.camera.isEnabled } - 1))
    }

    func stop() {
        if let arrivals { around.loop.cancel(arrivals) }
        account?.stop()
        // Before the printers, which else would leave it one by one.
        for session in sessions.values { session.stop() }
        sessions = [:]
        for old in watched { old.reader.stop() }
        watched = []
    }

    private func replaceAccount() {
        account?.stop()
        account = nil
        replaceSession(.cloud, with: roster.configuration.cloud.flatMap { $0.readsReports ? $0.session : nil })
        roster.bound = []
        told = ([:], nil)
        guard let settings = roster.configuration.cloud else { return }
        let listener = AccountSession.Listener(
            found: { [weak self] serials in
                guard let self, serials != self.roster.bound else { return }
                self.roster.bound = serials
                self.rebuild()
            },
            told: { [weak self] printers, until in
                self?.told = (printers, until)
                self?.tell()
            },
            credentials: { [weak self] in self?.sessions[.cloud]?.use($0) },
            stranded: { [weak self] in self?.sessions[.cloud]?.hold(.failure($0)) })
        sessions[.cloud]?.onRefused = { [weak self] in self?.account?.lookAgain() }
        account = AccountSession(
            settings, shard: roster.configuration.shard, around: around, cell: cell, listener: listener)
    }

    private func replaceBroker() {
        replaceSession(.broker, with: roster.configuration.broker?.session)
        roster.strangers = []
        guard let broker = roster.configuration.broker, let session = sessions[.broker] else { return }
        session.onStranger = { [weak self] in self?.welcome($0, $1) }
        session.onRefused = { [weak session] in
            guard let file = broker.passwordFile, let password = try? SecretFile.read(file) else { return }
            session?.use(SharedSession.Credentials(user: broker.user, password: password))
        }
        session.use(SharedSession.Credentials(user: broker.user, password: broker.password))
    }

    private func replaceSession(_ source: SharedLink.Source, with settings: SharedSession.Settings?) {
        sessions.removeValue(forKey: source)?.stop()
        guard let settings else { return cell.withdraw(source) }
        sessions[source] = SharedSession(settings, around: around) { [cell] in cell.publish($0) }
    }

    /// A printer that nobody named reports at the broker.
    private func welcome(_ serial: String, _ payload: UnsafeRawBufferPointer) {
        let isNew = roster.welcome(serial)
        if isNew { unread.expect(serial) }
        unread.keep(payload, of: serial)
        guard isNew, arrivals == nil else { return }
        // Not from within the message: it came by a session that the printer is about to join. And not at once: where one
        // comes thousands may.
        arrivals = around.loop.schedule(after: Self.pause) { [weak self] in
            guard let self else { return }
            arrivals = nil
            rebuild()
            readUnread()
        }
    }

    private func readUnread() {
        let unread = unread.takeAll()
        for watched in watched {
            for payload in unread[watched.reader.settings.serial] ?? [] {
                payload.withUnsafeBytes { watched.reader.receive($0) }
            }
        }
    }

    /// Makes the readers those of the roster. A printer that gets another reader keeps its state, its counters, and when it
    /// was asked for a full report.
    ///
    /// - Parameter keepsReaders: whether those stay that read what they should already.
    private func rebuild(keepsReaders: Bool = true) {
        guard let telemetry else { return }
        var old = Dictionary(watched.map { ($0.reader.settings.serial, $0) }) { first, _ in first }
        var fresh: [any PrinterReader] = []
        let spread = Self.spread(of: roster.configuration.ownPrinters)
        watched = roster.printers.map { settings, route in
            let session = route.source.flatMap { sessions[$0] }
            let before = old[settings.serial]
            if keepsReaders, let before, before.reader.settings == settings, before.route == route,
                before.session === session
            {
                old[settings.serial] = nil
                return before
            }
            let past = before?.reader.heritage
            let reader: any PrinterReader =
                switch route {
                case .lan:
                    PrinterSession(settings, after: past, telemetry: telemetry, spread: spread, around: around)
                case .shared, .none:
                    // Without a host a printer is the account's, though the account does not read it.
                    SharedPrinter(
                        settings, after: past, source: route.source ?? .cloud, session: session,
                        telemetry: telemetry, around: around)
                }
            fresh.append(reader)
            return Watched(reader: reader, route: route, session: session)
        }
        for gone in old.values { gone.reader.stop() }
        registry.replace(
            watched.map { watched in
                let settings = watched.reader.settings
                return Registry.Entry(
                    name: settings.name, serial: settings.serial,
                    hasSource: settings.host != nil || watched.session != nil, cell: watched.reader.cell)
            })
        tell()
        for reader in fresh { reader.start() }
    }

    /// Shows what the account says of each printer.
    private func tell() {
        for watched in watched {
            let printer = told.printers[watched.reader.settings.serial]
            // Who a printer is stays, though the account falls silent.
            let identity = printer?.identity ?? watched.reader.cell.identity
            watched.reader.cell.tell(
                PrinterCell.Told(identity: identity, facts: printer?.facts, until: told.until))
        }
    }
}
