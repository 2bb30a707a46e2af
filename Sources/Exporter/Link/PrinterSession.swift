import BambuMetrics
import BambuProtocol
import MQTT
import Reactor

/// One printer on the LAN: does what its `LinkMachine` decides, feeds what comes to its `Printer`, and shows both to
/// scrapes. Confined to the loop's thread.
final class PrinterSession: PrinterReader {
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
    let telemetry: Configuration.Telemetry
    let around: Surroundings
    let cell: PrinterCell
    var machine: LinkMachine
    var printer: Printer
    var accessCode: Secret?
    private(set) var dialer: Dialer?
    /// `nil` where the camera is not looked at.
    var camera: CameraWatch?
    private lazy var alarm = Alarm(around.loop) { [weak self] in self?.handle(.tick) }
    var isStopped = false
    var lastComplaint: String?
    /// What it was about, in words.
    var advice: String?

    /// - Parameters:
    ///   - past: what another reader of the printer leaves behind.
    ///   - spread: over how long the first looks at the cameras of all printers are spread.
    init(
        _ settings: Configuration.Printer, after past: Heritage?, telemetry: Configuration.Telemetry,
        spread: Duration, around: Surroundings
    ) {
        self.settings = settings
        self.telemetry = telemetry
        self.around = around
        cell = PrinterCell()
        accessCode = settings.accessCode
        printer = Heritage.printer(of: settings, after: past)
        machine = LinkMachine(
            after: past, staleAfter: telemetry.staleAfter, resyncInterval: telemetry.resyncInterval,
            at: Instant.now())
        dialer = Dialer(around: around) { [weak self] in self?.receive($0) }
        if settings.camera.isEnabled { camera = cameraWatch(spread: spread) }
        publish()
    }

    private func cameraWatch(spread: Duration) -> CameraWatch {
        CameraWatch(settings, spread: spread, around: around) { [unowned self] in
            guard let address = dialer?.address, let accessCode else { return nil }
            return CameraWatch.Subject(
                address: address, accessCode: accessCode, model: printer.model, status: printer.state?.camera)
        } onChange: { [unowned self] in
            publish()
        }
    }

    var heritage: Heritage {
        Heritage(printer: printer, watch: machine.watch, connection: machine.connection)
    }

    func start() {
        handle(.tick)
    }

    /// Says goodbye and does nothing more.
    func stop() {
        isStopped = true
        camera?.stop()
        alarm.cancel()
        dialer?.hangUp()
    }

    func handle(_ event: LinkMachine.Event) {
        guard !isStopped else { return }
        let wasUp = machine.link.isUp
        for action in machine.handle(event, at: Instant.now()) { perform(action) }
        printer.settle(at: WallClock.now())
        if machine.link.isUp != wasUp { camera?.note(isUp: machine.link.isUp) }
        publish()
        schedule()
    }

    func schedule() {
        // A failed print may wait for its reason while nothing else is due.
        let undecided = printer.jobs.isUndecided ? Instant.now() + .seconds(1) : nil
        alarm.set(Instant.earliest(machine.deadline, undecided))
    }

    func perform(_ action: LinkMachine.Action) {
        switch action {
        case .connect:
            dialer?.dial(target)
        case .close:
            complain(machine.link.downReason.label, machine.link.downReason == .neverReported ? neverReported : silent)
            dialer?.hangUp()
        case .subscribe: dialer?.subscribe(Request.reportTopic(serial: settings.serial))
        case .send(let request):
            around.log.debug("Asking", ["printer": settings.name, "request": "\(request)"])
            dialer?.publish(Request.topic(serial: settings.serial), request.payload)
        case .interrupt: printer.interrupt()
        case .forget: printer.forget()
        }
    }

    func publish() {
        var snapshot = PrinterSnapshot(name: settings.name, transport: .lan, link: machine.link, printer: printer)
        snapshot.showsJobs = telemetry.exportsJobs
        snapshot.camera = camera?.reading
        let advice = Advice(link: machine.link.isUp ? nil : advice, camera: camera?.advice)
        cell.publish(snapshot, advice: advice, isTried: machine.isTried, freshUntil: machine.freshUntil)
    }
}
