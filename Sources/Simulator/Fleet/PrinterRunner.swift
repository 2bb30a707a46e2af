import Reactor

/// Runs one printer on a loop: advances its firmware and publishes its reports.
///
/// Confined to the loop's thread.
final class PrinterRunner {
    /// The number of reports after which the printer acknowledges an internal command.
    private static let reportsPerAcknowledgement = 45

    unowned let group: BrokerGroup
    private let speed: Double
    private let interval: Duration
    private let recording: Recording?
    private let loops: Bool
    private let startTime: Instant
    private let uptime: Double
    private let cameraSettings: SimulatedCamera.Settings
    private var firmware: SimulatedPrinter
    private var timer: TimerQueue.Token?
    private var reports = 0
    /// The index of the recording's next entry.
    private var position = 0

    let printer: FleetPrinter
    /// The access code of the broker and the camera.
    var accessCode: String
    /// The certificate of the broker and the camera.
    var leaf: SimulatedAuthority.Leaf
    private(set) lazy var camera = makeCamera()
    var isSilent = false
    /// Whether requests are ignored.
    var ignoresRequests = false
    var garbage: Garbage?
    /// Called with the printer's state after each report.
    var onState: ((String) -> Void)?
    /// Publishes a payload of the printer.
    var publish: (([UInt8]) -> Void)?

    init(_ printer: FleetPrinter, in group: BrokerGroup, options: FleetOptions) {
        let own = printer.options
        var random = SeededGenerator(seed: printer.seed)
        self.printer = printer
        self.group = group
        accessCode = printer.accessCode
        leaf = own.leaf ?? SimulatedAuthority.Leaf(commonName: printer.serial)
        cameraSettings = SimulatedCamera.Settings(
            kind: own.model.facts.camera, rate: options.cameraRate ?? own.model.cameraRate,
            pictureSize: options.pictureSize)
        speed = options.speed
        recording = own.recording
        loops = own.loops
        firmware = SimulatedPrinter(
            model: own.model, serial: printer.serial, units: own.units, seed: random.next())
        interval = options.interval ?? firmware.interval
        uptime = own.uptime ?? random.number(in: 0...10_800)
        startTime = Instant.now()
    }

    /// - Parameter delay: differs between the printers of a fleet, so that they do not all report at once.
    func start(after delay: Duration) {
        timer = group.loop.schedule(after: delay) { [weak self] in self?.step() }
    }

    func stop() {
        if let timer { group.loop.cancel(timer) }
        timer = nil
        camera.stop()
    }

    func apply(_ command: Machine.Command) {
        advanceFirmware()
        firmware.apply(command)
    }

    private func makeCamera() -> SimulatedCamera {
        let name = printer.options.name ?? printer.model.rawValue
        var frame = 0
        return SimulatedCamera(loop: group.loop, settings: cameraSettings) { [unowned self] in
            frame += 1
            advanceFirmware()
            let machine = firmware.machine
            return Scene(name: name, state: machine.state.rawValue, percent: machine.percent, frame: frame)
        }
    }

    /// Restarts the broker after `change` has modified this printer.
    func restartBroker(
        _ done: @escaping (Result<Void, any Error>) -> Void, _ change: (PrinterRunner) -> Void = { _ in }
    ) {
        change(self)
        group.start(done)
    }

    func receive(_ request: SimulatedRequest) {
        guard !isSilent, !ignoresRequests else { return }
        guard let recording, request.command.hasPrefix("pushing.") else {
            advanceFirmware()
            for answer in firmware.answers(to: request) { publish?(answer) }
            return
        }
        if let report = recording.fullReport(before: position) { publish?(report) }
    }

    private func advanceFirmware() {
        firmware.advance(to: uptime + (Instant.now() - startTime).inSeconds * speed)
    }

    private func step() {
        let wait = recording.map(play) ?? report()
        onState?(firmware.machine.state.rawValue)
        if let wait { timer = group.loop.schedule(after: wait) { [weak self] in self?.step() } }
    }

    /// Publishes a report and returns the time until the next one.
    private func report() -> Duration? {
        advanceFirmware()
        guard !isSilent else { return interval }
        if let report = firmware.report() { publish?(report) }
        reports += 1
        if reports % Self.reportsPerAcknowledgement == 0 { publish?(firmware.acknowledgement()) }
        sendGarbage()
        return interval
    }

    /// Publishes one entry and returns the time until the next one; `nil` after the last.
    private func play(_ recording: Recording) -> Duration? {
        if position >= recording.entries.count { position = 0 }
        guard position < recording.entries.count else { return nil }
        let entry = recording.entries[position]
        if !isSilent {
            publish?(entry.payload)
            sendGarbage()
        }
        position += 1
        if position < recording.entries.count {
            return .seconds((recording.entries[position].at - entry.at) / speed)
        }
        return loops ? interval : nil
    }

    private func sendGarbage() {
        guard let payload = garbage?.next() else { return }
        publish?(payload)
    }
}
