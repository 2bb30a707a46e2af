import BambuMetrics
import BambuProtocol
import MQTT
import Reactor

/// One printer on the LAN: does what its `LinkMachine` decides, feeds what comes to its `Printer`, and shows both to
/// scrapes. Confined to the loop's thread.
final class PrinterSession {
    /// What all sessions share.
    struct Surroundings {
        let loop: EventLoop
        let gate: ConnectGate
        let resolver: Resolver
        let certificates: KnownCertificates
        let authorities: TrustStores
        let log: Log
    }

    let settings: Configuration.Printer
    private let telemetry: Configuration.Telemetry
    private let around: Surroundings
    private let cell: PrinterCell
    private var machine: LinkMachine
    private var printer: Printer
    private var accessCode: Secret?
    private var connection: Connection?
    private var tls: TLSContext?
    private var ticket: Int?
    private var timer: TimerQueue.Token?
    /// Tells the answer to this attempt's lookup from that to an earlier one.
    private var attempt = 0
    private var isStopped = false
    private var lastComplaint: String?

    init(
        _ settings: Configuration.Printer, telemetry: Configuration.Telemetry, cell: PrinterCell,
        around: Surroundings
    ) {
        self.settings = settings
        self.telemetry = telemetry
        self.around = around
        self.cell = cell
        accessCode = settings.accessCode
        printer = Printer(serial: settings.serial, model: settings.model)
        machine = LinkMachine(
            staleAfter: telemetry.staleAfter, resyncInterval: telemetry.resyncInterval, at: Instant.now())
        publish()
    }

    func start() {
        handle(.tick)
    }

    /// Says goodbye and does nothing more.
    func stop() {
        isStopped = true
        if let timer { around.loop.cancel(timer) }
        disconnect()
    }

    private func handle(_ event: LinkMachine.Event) {
        guard !isStopped else { return }
        for action in machine.handle(event, at: Instant.now()) { perform(action) }
        printer.settle(at: WallClock.now())
        publish()
        schedule()
    }

    private func schedule() {
        if let timer { around.loop.cancel(timer) }
        // A failed print may wait for its reason while nothing else is due.
        let undecided = printer.jobs.isUndecided ? Instant.now() + .seconds(1) : nil
        guard let deadline = [machine.deadline, undecided].compactMap({ $0 }).min() else { return }
        timer = around.loop.schedule(at: deadline) { [weak self] in self?.handle(.tick) }
    }

    private func perform(_ action: LinkMachine.Action) {
        switch action {
        case .connect:
            ticket = around.gate.enter { [weak self] in self?.resolve() }
        case .close:
            complain(machine.link.downReason.label, machine.link.downReason == .neverReported ? neverReported : silent)
            disconnect()
        case .subscribe: connection?.subscribe(Request.reportTopic(serial: settings.serial))
        case .send(let request):
            around.log.debug("Asking", ["printer": settings.name, "request": "\(request)"])
            connection?.publish(Request.topic(serial: settings.serial), request.payload)
        case .interrupt: printer.interrupt()
        case .forget: printer.forget()
        }
    }

    private func publish() {
        var snapshot = PrinterSnapshot(name: settings.name, transport: .lan, link: machine.link, printer: printer)
        snapshot.showsJobs = telemetry.exportsJobs
        cell.publish(snapshot, isTried: machine.isTried, freshUntil: machine.freshUntil)
    }
}

extension PrinterSession {
    private func resolve() {
        attempt += 1
        let asked = attempt
        guard let host = settings.host else { return }
        let loop = around.loop
        let answer = Handoff { [weak self] (addresses: [SocketAddress]) in
            guard let self, self.attempt == asked, self.ticket != nil, self.connection == nil else { return }
            guard let address = addresses.first else { return self.fail(.dns, "no address is known for \(host)") }
            self.connect(address)
        }
        around.resolver.resolve(host, port: settings.port) { addresses in
            loop.perform { answer.body(addresses) }
        }
        around.loop.schedule(after: .seconds(10)) { [weak self] in
            guard let self, self.attempt == asked, self.ticket != nil, self.connection == nil else { return }
            self.fail(.dns, "looking up \(host) took too long")
        }
    }

    private func connect(_ address: SocketAddress) {
        var options = Connection.Options(
            clientID: "bambu_exporter-" + String(UInt64.random(in: .min ... .max), radix: 36), user: "bblp",
            password: accessCode)
        options.keepAlive = .seconds(30)
        do {
            let tls = try TLSContext(name: settings.serial, trust: try trust())
            let connection = try Connection(loop: around.loop, options: options, tls: tls) { [weak self] event in
                self?.receive(event)
            }
            self.tls = tls
            self.connection = connection
            connection.open(address)
        } catch {
            fail(.tls, "\(error)")
        }
    }

    private func trust() throws -> Trust {
        switch settings.trust.mode {
        case .none: return .unverified
        case .pin: return settings.trust.fingerprint.map { .pinned($0) } ?? .firstUse(known: nil)
        case .ca: return .authority(try around.authorities.store(of: settings.trust.authorityFile ?? ""))
        case .tofu: return .firstUse(known: around.certificates.fingerprint(of: settings.serial, service: "mqtt"))
        }
    }

    private func receive(_ event: Connection.Event) {
        switch event {
        case .secured(let certificate): note(certificate)
        case .accepted:
            leaveGate()
            lastComplaint = nil
            around.log.info("Connected", ["printer": settings.name, "host": settings.host ?? ""])
            handle(.connected)
        case .subscribed(let isGranted):
            if !isGranted { fail(.refused, "the printer refused the subscription to its reports") }
        case .message(_, let payload): receive(payload)
        case .closed(let error): lose(error)
        }
    }

    private func receive(_ payload: UnsafeRawBufferPointer) {
        // What is stale by now must be forgotten before something new is merged into it.
        if let deadline = machine.deadline, Instant.now() >= deadline { handle(.tick) }
        guard connection != nil else { return }
        let wasUp = machine.link.isUp
        let receipt = printer.apply(payload, at: WallClock.now())
        if let rejection = receipt.rejection {
            around.log.debug(
                "Message rejected", ["printer": settings.name, "reason": rejection.rawValue, "bytes": payload.count])
        }
        handle(.received(receipt))
        if !wasUp, machine.link.isUp { around.log.info("Reports arrive", ["printer": settings.name]) }
    }

    private func note(_ certificate: PeerCertificate) {
        machine.note(certificateExpiry: certificate.expiry)
        guard settings.trust.mode == .tofu,
            around.certificates.fingerprint(of: settings.serial, service: "mqtt") == nil
        else { return }
        around.log.info(
            "Remembering the printer's certificate",
            ["printer": settings.name, "fingerprint": certificate.fingerprint])
        do {
            try around.certificates.remember(certificate.fingerprint, of: settings.serial, service: "mqtt")
        } catch {
            around.log.error(
                "Cannot write the known certificates; they are kept in memory",
                ["printer": settings.name, "err": "\(error)"])
        }
    }

    private func lose(_ error: ConnectionError) {
        if error == .oversize { printer.rejectOversize() }
        machine.note(certificateExpiry: tls?.peer?.expiry ?? machine.link.certificateExpiry)
        fail(Link.Failure(error), error.description)
    }

    private func fail(_ failure: Link.Failure, _ reason: String) {
        disconnect()
        complain(failure.rawValue, "\(reason). \(Remedy.text(for: failure, printer: settings))")
        if failure == .auth { readSecretAgain() }
        handle(.failed(failure))
    }

    private func disconnect() {
        connection?.close()
        connection = nil
        tls = nil
        leaveGate()
    }

    private func leaveGate() {
        guard let ticket else { return }
        self.ticket = nil
        around.gate.leave(ticket)
    }

    /// The code changes when LAN mode is switched; the file may have followed.
    private func readSecretAgain() {
        guard let file = settings.accessCodeFile, let code = try? SecretFile.read(file) else { return }
        accessCode = code
    }

    private var silent: String {
        "no report for \(DurationText.text(of: telemetry.staleAfter)), though the connection stood. \(Remedy.silent)"
    }

    private var neverReported: String {
        "connected, but not one report in \(DurationText.text(of: telemetry.staleAfter)). \(Remedy.neverReported(settings))"
    }

    /// Says once what is wrong; while it stays the same, only at debug.
    private func complain(_ kind: String, _ reason: String) {
        let fields: Log.Fields = [
            "printer": settings.name, "host": settings.host ?? "", "reason": kind, "detail": reason,
        ]
        if lastComplaint == kind {
            around.log.debug("Printer is down", fields)
        } else {
            around.log.warn("Printer is down", fields)
        }
        lastComplaint = kind
    }
}

/// Carries a closure of the loop's thread through another thread and back.
private struct Handoff: @unchecked Sendable {
    // Sendable: whoever holds it meanwhile does not call `body`; the loop's thread does.
    let body: ([SocketAddress]) -> Void
}
