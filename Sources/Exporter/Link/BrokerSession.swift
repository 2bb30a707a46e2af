import BambuMetrics
import BambuProtocol
import MQTT
import Platform
import Reactor
import TLS

/// One session with an MQTT broker and the printers whose reports it delivers.
///
/// The broker is a printer on the LAN, the cloud broker or the user's own. Confined to the event loop's thread.
final class BrokerSession {
    /// The wait before a refused subscription is retried.
    private static let denialPause = Duration.seconds(60)
    let settings: Settings
    let isOfOnePrinter: Bool
    private(set) var machine: ReconnectStateMachine
    private(set) var credentials: Credentials?
    private let environment: ReactorEnvironment
    private var dialer: Dialer?
    /// By report topic.
    private var printers: [String: BrokerPrinter] = [:]
    private lazy var subscriptions = SubscriptionQueue(environment.loop) { [weak self] in self?.subscribe($0) }
    private lazy var timer = LazyTimer(environment.loop) { [weak self] in self?.connectIfDue() }
    private var log: SessionLog
    private var downReason = Link.DownReason.starting
    /// Why there are no credentials; `nil` if there are.
    private var holdReason: Link.DownReason?
    /// Whether the broker refused the last attempt, so that the password file is read again.
    private var wasRefused = false
    /// Counts the reads of the password file; the result of an older read is ignored.
    private var lastReading = 0

    /// Called with the serial number and a message of a printer that has not joined; with `takesEveryPrinter` only.
    var onDiscovery: ((String, [UInt8]) -> Void)?
    var onRefused: (() -> Void)?

    /// - Parameter past: the counters of the same printer's session before a reload.
    init(_ settings: Settings, after past: ReconnectStateMachine? = nil, environment: ReactorEnvironment) {
        self.settings = settings
        self.environment = environment
        isOfOnePrinter = if case .printer = settings.source { true } else { false }
        log = SessionLog(source: settings.source, host: settings.host, log: environment.log)
        let now = environment.loop.now
        machine = past ?? ReconnectStateMachine(at: now)
        machine.restart(at: now)
        dialer = Dialer(environment: environment) { [weak self] in
            self?.receive($0)
        } onUnreachable: { [weak self] failure, reason in
            self?.fail(failure, reason, Remedy.text(forUnreachable: failure))
        }
        publishCounts()
    }

    /// The broker's address, or the one that was tried last.
    var address: SocketAddress? { dialer?.address }

    /// Connects with `credentials`, or keeps them for the next attempt if a session is open.
    func use(_ credentials: Credentials) {
        guard credentials != self.credentials else { return }
        self.credentials = credentials
        holdReason = nil
        machine.retryNow(at: environment.loop.now)
        connectIfDue()
    }

    /// Stops connecting because there are no credentials. An open session stays open.
    func hold(_ reason: Link.DownReason) {
        credentials = nil
        lastReading += 1
        holdReason = reason
        guard !machine.isOpen else { return }
        let now = environment.loop.now
        dialer?.disconnect()
        machine.disconnected(at: now)
        close(reason, nil, at: now)
    }

    func join(_ printer: BrokerPrinter) {
        let topic = settings.reportTopic(of: printer.settings.serial)
        printers[topic] = printer
        if machine.isOpen {
            subscriptions.add(topic)
        } else if downReason != .starting {
            printer.closed(downReason, nil, at: environment.loop.now)
        }
    }

    func leave(_ printer: BrokerPrinter) {
        let topic = settings.reportTopic(of: printer.settings.serial)
        guard printers[topic] === printer else { return }
        printers[topic] = nil
        subscriptions.remove(topic)
        if machine.isOpen, !settings.takesEveryPrinter { dialer?.connection?.unsubscribe(topic) }
    }

    /// Closes the session and does not connect again.
    func stop() {
        timer.cancel()
        subscriptions.removeAll()
        dialer?.disconnect()
        dialer = nil
    }

    func send(_ request: PrinterRequest, to printer: BrokerPrinter) {
        dialer?.connection?.publish(settings.requestTopic(of: printer.settings.serial), request.payload)
    }

    /// Ends a printer's own session because the printer was silent for too long; a shared session stays open.
    ///
    /// Some P1 printers report again only after a new connection.
    ///
    /// - Returns: Whether the session ended.
    func endsOnSilence(at now: Instant) -> Bool {
        guard isOfOnePrinter, machine.isOpen else { return false }
        dialer?.disconnect()
        machine.disconnected(at: now)
        log.failed("silent", "", at: now)
        connectIfDue()
        return true
    }

    /// Connects if an attempt is due, and schedules the next check.
    func connectIfDue() {
        guard dialer != nil else { return }
        let now = environment.loop.now
        log.tick(at: now)
        if credentials != nil, machine.tick(at: now) { renewCredentials() }
        let attempt = credentials == nil ? nil : machine.deadline
        timer.set(Instant.earliest(attempt, log.outage.deadline))
    }

    /// Reads the password file again if the broker refused the last attempt, then connects.
    private func renewCredentials() {
        lastReading += 1
        guard wasRefused, let file = settings.passwordFile else { return connect() }
        environment.files.run({ try? SecretFile.read(file) }, on: environment.loop) {
            [weak self, reading = lastReading] password in
            guard let self, reading == lastReading, !machine.isOpen else { return }
            if let password { credentials = Credentials(user: credentials?.user, password: password) }
            connect()
        }
    }

    private func connect() {
        guard let credentials else { return }
        dialer?.connect(to: settings, as: credentials)
    }

    private func receive(_ event: Connection.Event) {
        let now = environment.loop.now
        switch event {
        case .message(let message): deliver(message, at: now)
        case .secured(let certificate): remember(certificate)
        case .accepted: opened(at: now)
        case .subscribed(_, isGranted: true): break
        case .subscribed(let topic, isGranted: false): denied(topic, at: now)
        case .closed(let error): lose(error, at: now)
        }
    }

    private func deliver(_ message: Connection.Message, at now: Instant) {
        if let printer = printers[message.topic] {
            printer.receive(message.payload, at: now)
        } else if settings.takesEveryPrinter, let serial = settings.serial(in: message.topic) {
            onDiscovery?(serial, message.payload)
        }
    }

    private func remember(_ certificate: PeerCertificate) {
        guard case .printer(let printer) = settings.security else { return }
        for printer in printers.values { printer.setCertificateExpiry(certificate.expiry) }
        environment.remember(certificate.fingerprint, of: printer, service: .mqtt)
    }

    private func opened(at now: Instant) {
        wasRefused = false
        machine.connected(at: now)
        log.connected(printers: printers.count, at: now)
        publishCounts()
        connectIfDue()
        if settings.takesEveryPrinter { dialer?.connection?.subscribe(settings.wildcardTopic) }
        subscriptions.removeAll()
        for topic in printers.keys.sorted() { subscriptions.add(topic) }
    }

    /// Subscribes to a printer's reports and requests all data.
    private func subscribe(_ topic: String) {
        guard machine.isOpen, let printer = printers[topic] else { return }
        if !settings.takesEveryPrinter { dialer?.connection?.subscribe(topic) }
        printer.opened(at: environment.loop.now)
    }

    /// Handles a refused subscription: ends a printer's own session; retries later on a shared session.
    private func denied(_ topic: String, at now: Instant) {
        if isOfOnePrinter {
            let reason = "the broker at \(settings.host) refused the subscription to \(topic)"
            return fail(.auth, reason, Remedy.deniedTopic)
        }
        let denied = topic == settings.wildcardTopic ? Array(printers.values) : [printers[topic]].compactMap { $0 }
        if topic == settings.wildcardTopic {
            log.failed("auth", "the broker refused the subscription to \(topic). \(Remedy.deniedTopic)", at: now)
        }
        for printer in denied { printer.denied(topic, at: now) }
        environment.loop.schedule(after: Self.denialPause) { [weak self] in
            guard let self, machine.isOpen, topic == settings.wildcardTopic || printers[topic] != nil else { return }
            dialer?.connection?.subscribe(topic)
        }
    }

    private func lose(_ error: ConnectionError, at now: Instant) {
        if error == .oversize, isOfOnePrinter { for printer in printers.values { printer.rejectOversize() } }
        let expiry = dialer?.peer?.expiry
        for printer in printers.values { printer.setCertificateExpiry(expiry) }
        let hint = Remedy.text(for: error, settings.source, sessionStood: machine.openDuration(at: now))
        // Printers call the password an access code.
        let reason =
            error == .authentication && isOfOnePrinter ? "the access code was refused" : error.description
        fail(Link.Failure(error), reason, hint)
    }

    private func fail(_ failure: Link.Failure, _ reason: String, _ hint: String) {
        let now = environment.loop.now
        dialer?.disconnect()
        subscriptions.removeAll()
        machine.failed(failure, at: now)
        publishCounts()
        wasRefused = failure == .auth
        let detail = hint.isEmpty ? reason : "\(reason). \(hint)"
        log.failed(failure.rawValue, detail, at: now)
        close(holdReason ?? .failure(failure), isOfOnePrinter ? detail : nil, at: now)
        if failure == .auth { onRefused?() }
        connectIfDue()
    }

    private func close(_ reason: Link.DownReason, _ detail: String?, at now: Instant) {
        downReason = reason
        for printer in printers.values { printer.closed(reason, detail, at: now) }
    }

    private func publishCounts() {
        guard case .shared(let source) = settings.source else { return }
        environment.registry.publish(
            BrokerSessionCounts(source: source, connects: machine.connects, failures: machine.failures), of: source)
    }
}
