import BambuMetrics
import BambuProtocol
import Reactor

/// One printer that is read over a session which it shares with others, or that is known by the account alone. Confined to
/// the loop's thread.
final class SharedPrinter: PrinterReader {
    let settings: Configuration.Printer
    let source: SharedLink.Source
    let cell: PrinterCell
    private let telemetry: Configuration.Telemetry
    private let around: PrinterSession.Surroundings
    private var watch: WatchMachine
    private var printer: Printer
    private let advice: Advice
    private var isTried = false
    private lazy var alarm = Alarm(around.loop) { [weak self] in self?.handle { $0.tick(at: $1) } }
    private weak var session: SharedSession?
    /// Where requests go while the session stands.
    private var send: ((Request) -> Void)?

    /// - Parameters:
    ///   - past: what another reader of the printer leaves behind.
    ///   - session: brings reports of it; without one it never will be up.
    init(
        _ settings: Configuration.Printer, after past: Heritage?, source: SharedLink.Source, session: SharedSession?,
        telemetry: Configuration.Telemetry, around: PrinterSession.Surroundings
    ) {
        self.settings = settings
        self.source = source
        self.telemetry = telemetry
        self.around = around
        cell = PrinterCell()
        printer = Heritage.printer(of: settings, after: past)
        watch = WatchMachine(
            after: past?.watch, staleAfter: telemetry.staleAfter, resyncInterval: telemetry.resyncInterval)
        self.session = session
        advice = Advice(link: session == nil ? Remedy.noSource : nil)
        isTried = session == nil
        if session == nil { _ = watch.closed(.neverReported, at: Instant.now()) }
        publish()
    }

    var heritage: Heritage { Heritage(printer: printer, watch: watch, connection: nil) }

    func start() {
        session?.join(self)
    }

    /// The session stands, and brings reports of the printer from now on.
    func open(_ send: @escaping (Request) -> Void) {
        self.send = send
        isTried = true
        handle { $0.opened(at: $1) }
    }

    /// The session is gone, or could not be had.
    func close(_ reason: Link.DownReason) {
        send = nil
        isTried = true
        printer.interrupt()
        handle { $0.closed(reason, at: $1) }
    }

    /// A message on its report topic.
    func receive(_ payload: UnsafeRawBufferPointer) {
        // What is stale by now must be forgotten before something new is merged into it.
        if let deadline = watch.deadline, Instant.now() >= deadline { handle { $0.tick(at: $1) } }
        let wasUp = watch.link.isUp
        let receipt = printer.take(payload, of: settings.name, around.log)
        handle { $0.received(receipt, at: $1) }
        if !wasUp, watch.link.isUp { around.log.info("Reports arrive", ["printer": settings.name]) }
        if wasUp, !watch.link.isUp { tellDown() }
    }

    /// Leaves the session, and does nothing more.
    func stop() {
        session?.leave(self)
        alarm.cancel()
        send = nil
    }

    private func handle(_ event: (inout WatchMachine, Instant) -> [WatchMachine.Action]) {
        for action in event(&watch, Instant.now()) {
            switch action {
            case .send(let request):
                around.log.debug("Asking", ["printer": settings.name, "request": "\(request)"])
                send?(request)
            // The session is others' too and stays; the printer may come back on it.
            case .silent: tellDown()
            case .interrupt: printer.interrupt()
            case .forget: printer.forget()
            }
        }
        printer.settle(at: WallClock.now())
        publish()
        schedule()
    }

    /// At info: of many printers of an account some are always off.
    private func tellDown() {
        around.log.info("Printer is down", ["printer": settings.name, "reason": watch.link.downReason.label])
    }

    private func schedule() {
        // A failed print may wait for its reason while nothing else is due.
        let undecided = printer.jobs.isUndecided ? Instant.now() + .seconds(1) : nil
        alarm.set(Instant.earliest(watch.deadline, undecided))
    }

    private func publish() {
        let transport: PrinterSnapshot.Transport = source == .cloud ? .cloud : .broker
        var snapshot = PrinterSnapshot(
            name: settings.name, transport: transport, link: watch.link, printer: printer)
        snapshot.showsJobs = telemetry.exportsJobs
        cell.publish(snapshot, advice: advice, isTried: isTried, freshUntil: watch.freshUntil)
    }
}
