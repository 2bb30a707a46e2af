import Reactor

/// Runs one printer on a loop: gives its firmware the time, and publishes its reports. Confined to the loop's thread.
final class PrinterRunner {
    /// Every so many reports the printer acknowledges a command of its own.
    private static let reportsPerAcknowledgement = 45

    unowned let group: BrokerGroup
    private let speed: Double
    private let interval: Duration
    private let recording: Recording?
    private let loops: Bool
    private let born: Instant
    private let uptime: Double
    private let cameraSettings: SimulatedCamera.Settings
    private var firmware: SimulatedPrinter
    private var timer: TimerQueue.Token?
    private var reports = 0
    /// The recording's entry to play next.
    private var position = 0

    let printer: FleetPrinter
    /// The code that the broker and the camera accept now.
    var accessCode: String
    /// The certificate that they show now.
    var leaf: SimulatedAuthority.Leaf
    private(set) lazy var camera = makeCamera()
    var isSilent = false
    /// Whether requests are ignored.
    var isDeaf = false
    var garbage: Garbage?
    /// Called with the printer's state at every turn.
    var onState: ((String) -> Void)?
    /// Where its payloads go.
    var publish: (([UInt8]) -> Void)?

    init(_ printer: FleetPrinter, in group: BrokerGroup, options: FleetOptions) {
        let own = printer.options
        var random = SeededGenerator(seed: printer.seed)
        self.printer = printer
        self.group = group
        accessCode = printer.accessCode
        leaf = own.leaf ?? SimulatedAuthority.Leaf(commonName: printer.serial)
        cameraSettings = SimulatedCamera.Settings(
            language: own.model.facts.camera, rate: options.cameraRate ?? own.model.cameraRate,
            pictureSize: options.pictureSize)
        speed = options.speed
        recording = own.recording
        loops = own.loops
        firmware = SimulatedPrinter(
            model: own.model, serial: printer.serial, units: own.units, seed: random.next())
        interval = options.interval ?? firmware.interval
        uptime = own.uptime ?? random.number(in: 0...10_800)
        born = Instant.now()
    }

    /// - Parameter delay: tells the printers of a fleet apart, so that they do not all report at once.
    func start(after delay: Duration) {
        timer = group.loop.schedule(after: delay) { [weak self] in self?.turn() }
    }

    func stop() {
        if let timer { group.loop.cancel(timer) }
        timer = nil
        camera.stop()
    }

    func apply(_ command: Machine.Command) {
        catchUp()
        firmware.apply(command)
    }

    private func makeCamera() -> SimulatedCamera {
        let name = printer.options.name ?? printer.model.rawValue
        var frame = 0
        return SimulatedCamera(loop: group.loop, settings: cameraSettings) { [unowned self] in
            frame += 1
            catchUp()
            let machine = firmware.machine
            return Scene(name: name, state: machine.state.rawValue, percent: machine.percent, frame: frame)
        }
    }

    /// Starts the broker again, with what `change` makes of this printer.
    func restartBroker(
        _ done: @escaping (Result<Void, any Error>) -> Void, _ change: (PrinterRunner) -> Void = { _ in }
    ) {
        change(self)
        group.start(done)
    }

    func receive(_ request: SimulatedRequest) {
        guard !isSilent, !isDeaf else { return }
        guard let recording, request.command.hasPrefix("pushing.") else {
            catchUp()
            for answer in firmware.answers(to: request) { publish?(answer) }
            return
        }
        if let report = recording.fullReport(before: position) { publish?(report) }
    }

    private func catchUp() {
        firmware.advance(to: uptime + (Instant.now() - born).inSeconds * speed)
    }

    private func turn() {
        let wait = recording.map(play) ?? report()
        onState?(firmware.machine.state.rawValue)
        if let wait { timer = group.loop.schedule(after: wait) { [weak self] in self?.turn() } }
    }

    /// Returns how long until the next report.
    private func report() -> Duration? {
        catchUp()
        guard !isSilent else { return interval }
        if let report = firmware.report() { publish?(report) }
        reports += 1
        if reports % Self.reportsPerAcknowledgement == 0 { publish?(firmware.acknowledgement()) }
        sendGarbage()
        return interval
    }

    /// Plays one entry. Returns how long until the next; `nil` after the last.
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
