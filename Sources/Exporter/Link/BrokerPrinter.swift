import BambuMetrics
import BambuProtocol
import Platform
import Reactor

/// Merges the messages of one printer, performs the actions of its `TelemetryStateMachine` and publishes the result.
/// Confined to the event loop's thread.
///
/// A printer on the LAN has a `BrokerSession` of its own; other printers share one. For a printer without a session
/// only the account's data is known.
final class BrokerPrinter {
    let settings: Configuration.Printer
    let route: PrinterInventory.Route
    let mailbox: PrinterMailbox
    /// Delivers the reports; `nil` if no source does, so that the printer is never up, and after `stop`.
    private(set) var session: BrokerSession?
    private let telemetry: Configuration.Telemetry
    private let environment: ReactorEnvironment
    private var machine: TelemetryStateMachine
    private var printer: Printer
    private var outage: OutageLog
    private var camera: CameraProber?
    private var certificateExpiry: Int64?
    private var faultTexts: FaultTexts?
    private var faultLog = FaultLog()
    /// What is wrong with the connection and what to do, as text; `nil` if nothing is.
    private var diagnosis: String?
    private var isTried = false
    private lazy var timer = LazyTimer(environment.loop) { [weak self] in self?.tick() }

    /// - Parameters:
    ///   - shared: the session of the route; `nil` without a source, and if the printer has its own session.
    ///   - past: the same printer before a reload changed how it is read. Its state and counters are kept, and the time
    ///     of the last full-report request, so that the rate limit holds.
    ///   - spread: the time over which the first probes of all cameras are spread.
    init(
        _ settings: Configuration.Printer, over route: PrinterInventory.Route, sharing shared: BrokerSession?,
        after past: BrokerPrinter?, telemetry: Configuration.Telemetry, spread: Duration, faultTexts: FaultTexts?,
        environment: ReactorEnvironment
    ) {
        self.faultTexts = faultTexts
        self.settings = settings
        self.route = route
        session =
            route == .lan
            ? BrokerSession(.init(settings, at: settings.host ?? ""), after: past?.connection, environment: environment)
            : shared
        mailbox = PrinterMailbox(name: settings.name, serial: settings.serial, hasSource: session != nil)
        self.telemetry = telemetry
        self.environment = environment
        if let past, past.printer.configuredModel == settings.model {
            printer = past.printer
            printer.interrupt()
        } else {
            printer = Printer(
                serial: settings.serial, model: settings.model, staleAfter: telemetry.staleAfter.inSeconds)
        }
        outage = past?.outage ?? OutageLog()
        machine = TelemetryStateMachine(after: past?.machine, telemetry)
        if session == nil {
            isTried = true
            diagnosis = Remedy.noSource
            _ = machine.closed(.neverReported, at: environment.loop.now)
        }
        if route == .lan, settings.camera.isEnabled { camera = cameraProber(spread: spread) }
        publish()
    }

    private func cameraProber(spread: Duration) -> CameraProber {
        CameraProber(settings, spread: spread, environment: environment) { [unowned self] in
            guard let address = session?.address, let accessCode = session?.credentials?.password else { return nil }
            return (address, accessCode, printer.model, printer.state?.camera)
        } onChange: { [unowned self] in
            publish()
        }
    }

    /// The state of the printer's own session; `nil` if it shares one or has none.
    private var connection: ReconnectStateMachine? { route == .lan ? session?.machine : nil }

    var isUp: Bool { machine.isUp }

    /// When the last report arrived, in seconds since 1970; `nil` before the first.
    var lastReport: Double? { printer.lastReport }

    /// Starts to receive reports.
    func start() {
        session?.join(self)
        if route == .lan { session?.use(BrokerSession.Credentials(user: "bblp", password: settings.accessCode)) }
    }

    /// Starts requesting data: the session is open and subscribed to the printer's reports.
    func opened(at now: Instant) {
        isTried = true
        update(at: now) { $0.opened(at: now) }
    }

    /// Marks the printer as down: the session ended or could not be established.
    ///
    /// - Parameter detail: what is wrong and what to do; `nil` if the session itself logs it.
    func closed(_ reason: Link.DownReason, _ detail: String?, at now: Instant) {
        isTried = true
        if let detail { logDown(reason.label, detail, at: now) }
        update(at: now) { $0.closed(reason, at: now) }
    }

    /// Marks the printer as down: the broker refused the subscription to `topic`.
    func denied(_ topic: String, at now: Instant) {
        isTried = true
        logDown("auth", "the broker refused the subscription to \(topic). \(Remedy.deniedTopic)", at: now)
        update(at: now) { $0.denied(at: now) }
    }

    /// Merges a message that arrived on the printer's report topic.
    func receive(_ payload: [UInt8], at now: Instant) {
        let wasUp = machine.isUp
        for action in machine.willReceive(at: now) { perform(action, at: now) }
        let outcome = payload.withUnsafeBytes { printer.apply($0, at: WallClock.now()) }
        if let rejection = outcome.rejection {
            environment.log.debug(
                "Message rejected",
                ["printer": settings.name, "reason": rejection.rawValue, "bytes": payload.count])
        }
        update(at: now) { $0.received(outcome, at: now) }
        if outcome.isFull { camera?.recordFullReport() }
        logFaults(at: now)
        if !wasUp, machine.isUp { logUp(at: now) }
    }

    func rejectOversize() {
        printer.rejectOversize()
    }

    func setCertificateExpiry(_ certificateExpiry: Int64?) {
        self.certificateExpiry = certificateExpiry ?? self.certificateExpiry
    }

    /// Publishes fault codes with these texts from now on; without texts if `nil`.
    func use(_ texts: FaultTexts?) {
        faultLog.replaceTexts(faultTexts, by: texts)
        faultTexts = texts
        logFaults(at: environment.loop.now)
        publish()
    }

    func stop() {
        camera?.stop()
        timer.cancel()
        session?.leave(self)
        if route == .lan { session?.stop() }
        session = nil
    }

    private func tick() {
        let now = environment.loop.now
        if let stability = outage.tick(at: now) {
            environment.log.info(
                "Reports arrive steadily again",
                [
                    "printer": settings.name, "outage": DurationText.text(ofWholeSeconds: stability.outage),
                    "interruptions": stability.interruptions,
                ])
        }
        update(at: now) { $0.tick(at: now) }
    }

    /// Feeds an event to the state machine, performs its actions and publishes the result.
    private func update(at now: Instant, _ event: (inout TelemetryStateMachine) -> [TelemetryStateMachine.Action]) {
        let wasUp = machine.isUp
        for action in event(&machine) { perform(action, at: now) }
        printer.resolvePendingEnd(at: WallClock.now())
        if machine.isUp != wasUp { camera?.record(isUp: machine.isUp) }
        if wasUp, machine.downReason == .cloudOffline, !machine.isUp { logDown("cloud_offline", nil, at: now) }
        publish()
        // A failed print may wait for its reason while no other event is due.
        let undecided = printer.jobs.hasPendingEnd ? now + .seconds(1) : nil
        timer.set(.earliest(machine.deadline, .earliest(undecided, outage.deadline)))
    }

    private func perform(_ action: TelemetryStateMachine.Action, at now: Instant) {
        switch action {
        case .send(let request):
            environment.log.debug("Sending a request", ["printer": settings.name, "request": "\(request)"])
            session?.send(request, to: self)
        case .silent:
            logDown(machine.downReason.label, silence, at: now)
            if session?.endsOnSilence(at: now) == true { _ = machine.closed(at: now) }
        case .interrupt: printer.interrupt()
        case .forget: printer.forget()
        }
    }

    private var silence: String {
        let time = DurationText.text(of: telemetry.staleAfter)
        return machine.downReason == .neverReported
            ? "connected, but no report within \(time). \(Remedy.neverReported(settings))"
            : "no report for \(time), although the connection is open. \(Remedy.silent)"
    }

    private func logUp(at now: Instant) {
        diagnosis = nil
        let recovery = outage.up(at: now)
        environment.log.write(recovery.level, "Reports arrive", ["printer": settings.name, "outage": recovery.outage])
        publish()
    }

    /// Logs an outage. The level is at most info for shared sessions: of many printers some are always off.
    private func logDown(_ reason: String, _ detail: String?, at now: Instant) {
        diagnosis = detail
        var level = outage.down(reason, at: now)
        if route != .lan, reason != "auth" { level = min(level, .info) }
        environment.log.write(
            level, "Printer is down",
            ["printer": settings.name, "host": settings.host, "reason": reason, "detail": detail ?? ""])
    }

    private func logFaults(at now: Instant) {
        guard machine.isUp, let state = printer.state else { return }
        faultLog.write(state, faultTexts, of: settings.name, to: environment.log, at: now)
    }

    private func publish() {
        var link = Link()
        link.isUp = machine.isUp
        link.downReason = machine.downReason
        link.isConnected = machine.isConnected
        link.certificateExpiry = certificateExpiry
        link.connects = connection?.connects ?? 0
        link.failures = connection?.failures ?? [:]
        var snapshot = PrinterSnapshot(name: settings.name, transport: route.transport, link: link, printer: printer)
        snapshot.showsJobs = telemetry.exportsJobs
        snapshot.faultTexts = faultTexts
        snapshot.camera = camera?.reading
        let hints = Hints(link: link.isUp ? nil : diagnosis, camera: camera?.hint)
        mailbox.publish(snapshot, hints: hints, isTried: isTried, freshUntil: machine.freshUntil)
    }
}
