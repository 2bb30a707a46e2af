import Reactor

/// Runs one printer on a loop: tells its firmware the time, publishes what it says. Confined to the loop's thread.
final class PrinterHost {
    /// Every so many reports the printer acknowledges a command of its own.
    private static let reportsPerAcknowledgement = 45

    private let loop: EventLoop
    private let speed: Double
    private let interval: Duration
    private let recording: Recording?
    private let loops: Bool
    private let born: Instant
    private let uptime: Double
    private var firmware: SimulatedPrinter
    private var timer: TimerQueue.Token?
    private var reports = 0
    /// The recording's entry to play next.
    private var position = 0

    let serial: String
    private let name: String
    var isSilent = false
    /// Whether requests are ignored.
    var isDeaf = false
    var garbage: Garbage?
    /// Told what it does, with every turn.
    var onState: ((String) -> Void)?
    /// Where its payloads go.
    var publish: (([UInt8]) -> Void)?

    init(loop: EventLoop, printer: PrinterOptions, serial: String, seed: UInt64, options: FleetOptions) {
        var random = SeededGenerator(seed: seed)
        self.loop = loop
        self.serial = serial
        name = printer.name ?? printer.model.rawValue
        speed = options.speed
        recording = printer.recording
        loops = printer.loops
        firmware = SimulatedPrinter(model: printer.model, serial: serial, units: printer.units, seed: random.next())
        interval = options.interval ?? firmware.interval
        uptime = printer.uptime ?? random.number(in: 0...10_800)
        born = Instant.now()
    }

    /// - Parameter delay: tells the printers of a fleet apart, so that they do not all report at once.
    func start(after delay: Duration) {
        timer = loop.schedule(after: delay) { [weak self] in self?.turn() }
    }

    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    func apply(_ command: Machine.Command) {
        catchUp()
        firmware.apply(command)
    }

    /// What the camera sees now.
    func scene(frame: Int) -> Scene {
        catchUp()
        let machine = firmware.machine
        return Scene(name: name, state: machine.state.rawValue, percent: machine.percent, frame: frame)
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
        if let wait { timer = loop.schedule(after: wait) { [weak self] in self?.turn() } }
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
