import Platform
import Reactor

/// Runs one printer on a loop: advances its firmware and publishes its reports. Confined to the loop's thread.
final class PrinterRunner {
    /// The number of reports after which the printer acknowledges an internal command.
    private static let reportsPerAcknowledgement = 45

    let printer: FleetPrinter
    unowned let group: BrokerGroup
    private let options: FleetOptions
    /// The account that the printer is bound to.
    private let account: SimulatedAccount?
    private let startTime = Instant.now()
    private let uptime: Double
    private var firmware: SimulatedPrinter
    private var timer: TimerQueue.Token?
    private var reports = 0
    /// The index of the recording's next entry.
    private var position = 0
    private(set) lazy var camera = makeCamera()

    /// The certificate and access code of the broker and the camera.
    var access: BrokerGroup.Access
    var isSilent = false
    var ignoresRequests = false
    var garbage: Garbage?

    init(_ printer: FleetPrinter, in group: BrokerGroup, options: FleetOptions, account: SimulatedAccount?) {
        let own = printer.options
        var random = SeededGenerator(seed: printer.seed)
        self.printer = printer
        self.group = group
        self.options = options
        self.account = account
        access = BrokerGroup.Access(
            user: "bblp", password: printer.accessCode,
            leaf: own.leaf ?? SimulatedAuthority.Leaf(commonName: printer.serial), authority: printer.authority)
        firmware = SimulatedPrinter(model: own.model, serial: printer.serial, units: own.units, seed: random.next())
        uptime = own.uptime ?? random.number(in: 0...10_800)
    }

    private var interval: Duration { options.interval ?? firmware.interval }

    /// - Parameter delay: differs between the printers of a fleet, so that they do not all report at once.
    func start(after delay: Duration) {
        printer.update { $0.cameraPort = camera.port }
        timer = group.loop.schedule(after: delay) { [weak self] in self?.step() }
    }

    func stop() {
        if let timer { group.loop.cancel(timer) }
        timer = nil
        camera.stop()
    }

    func publish(_ payload: [UInt8]) { group.publish(payload, as: printer.serial) }

    func apply(_ command: Machine.Command) {
        advanceFirmware()
        firmware.apply(command)
    }

    private func makeCamera() -> SimulatedCamera {
        let model = printer.model
        let name = printer.options.name ?? model.rawValue
        let settings = SimulatedCamera.Settings(
            usesRTSP: model.facts.hasRTSPCamera, rate: options.cameraRate ?? model.cameraRate,
            pictureSize: options.pictureSize)
        var frame = 0
        return SimulatedCamera(loop: group.loop, settings: settings) { [unowned self] in
            frame += 1
            advanceFirmware()
            let machine = firmware.machine
            return Scene(name: name, state: machine.state.rawValue, percent: machine.percent, frame: frame)
        }
    }

    func receive(_ request: SimulatedRequest) {
        guard !isSilent, !ignoresRequests else { return }
        guard let recording = printer.options.recording, request.command.hasPrefix("pushing.") else {
            advanceFirmware()
            for answer in firmware.answers(to: request) { publish(answer) }
            return
        }
        if let report = recording.fullReport(before: position) { publish(report) }
    }

    private func advanceFirmware() {
        firmware.advance(to: uptime + (Instant.now() - startTime).inSeconds * options.speed)
    }

    private func step() {
        let wait = printer.options.recording.map(play) ?? report()
        account?.change(printer.serial) { $0.status = firmware.machine.state.rawValue }
        if let wait { timer = group.loop.schedule(after: wait) { [weak self] in self?.step() } }
    }

    /// Publishes a report and returns the time until the next one.
    private func report() -> Duration? {
        advanceFirmware()
        guard !isSilent else { return interval }
        if let report = firmware.report() { publish(report) }
        reports += 1
        if reports % Self.reportsPerAcknowledgement == 0 { publish(firmware.acknowledgement()) }
        sendGarbage()
        return interval
    }

    /// Publishes one entry and returns the time until the next one; `nil` after the last.
    private func play(_ recording: Recording) -> Duration? {
        if position >= recording.entries.count { position = 0 }
        guard position < recording.entries.count else { return nil }
        let entry = recording.entries[position]
        if !isSilent {
            publish(entry.payload)
            sendGarbage()
        }
        position += 1
        if position < recording.entries.count {
            return .seconds((recording.entries[position].at - entry.at) / options.speed)
        }
        return printer.options.loops ? interval : nil
    }

    private func sendGarbage() {
        if let payload = garbage?.next() { publish(payload) }
    }
}
