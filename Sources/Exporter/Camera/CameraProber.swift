import BambuMetrics
import BambuProtocol
import Camera
import Platform
import Reactor
import TLS
import VideoParsing

/// Probes one printer's camera periodically and keeps the last result. Confined to the event loop's thread.
final class CameraProber {
    /// The printer's data that a probe needs; the address is that of its broker.
    typealias Subject = (address: SocketAddress, accessCode: Secret, model: Model, status: CameraStatus?)

    private let printer: Configuration.Printer
    private let environment: ReactorEnvironment
    private let subject: () -> Subject?
    private let onChange: () -> Void
    private var schedule: CameraSchedule
    private lazy var timer = LazyTimer(environment.loop) { [weak self] in self?.probeIfDue() }
    private var expiry: TimerQueue.Token?
    private var probe: Probe?
    private var problem = LogOnce()
    /// What is wrong and what to do, as text; `nil` while the camera works.
    private(set) var hint: String?

    /// The result to publish.
    private(set) var reading = CameraReading()

    /// - Parameters:
    ///   - spread: the time over which the first probes of all cameras are spread.
    ///   - subject: returns the printer's current data; `nil` if its camera cannot be probed.
    ///   - onChange: called when `reading` changed.
    init(
        _ printer: Configuration.Printer, spread: Duration, environment: ReactorEnvironment,
        subject: @escaping () -> Subject?, onChange: @escaping () -> Void
    ) {
        self.printer = printer
        self.environment = environment
        self.subject = subject
        self.onChange = onChange
        schedule = CameraSchedule(spread: spread)
    }

    /// Records whether the printer's reports arrive. The camera of a printer that is down is not probed.
    func record(isUp: Bool) {
        schedule.record(isUp: isUp, at: environment.loop.now)
        if !isUp, probe != nil || reading.isUp != nil || reading.lastFrame != nil { withdraw() }
        timer.set(schedule.deadline)
    }

    func recordFullReport() {
        schedule.recordFullReport(at: environment.loop.now)
        timer.set(schedule.deadline)
    }

    func stop() {
        probe?.cancel()
        probe = nil
        timer.cancel()
        if let expiry { environment.loop.cancel(expiry) }
    }

    private func withdraw() {
        probe?.cancel()
        probe = nil
        reading = reading.withdrawn
        hint = nil
    }

    private func probeIfDue() {
        let subject = subject()
        let cameraProtocol = subject.flatMap(cameraProtocol)
        let interval = printer.camera.interval(for: cameraProtocol)
        if schedule.isDue(at: environment.loop.now, interval: interval) { start(subject, cameraProtocol) }
        timer.set(schedule.deadline)
    }

    private func start(_ subject: Subject?, _ cameraProtocol: CameraProtocol?) {
        guard let subject else { return schedule.recordEnd(at: environment.loop.now) }
        guard let cameraProtocol else {
            schedule.recordEnd(at: environment.loop.now)
            return log("unknown", "the camera protocol of this model is not known. Set camera.protocol", at: .info)
        }
        reading.probes += 1
        if cameraProtocol == .rtsp, subject.status?.isDisabled == true {
            return fail(.disabled, Remedy.disabledCamera, cameraProtocol)
        }
        do {
            let address = subject.address.at(port: printer.camera.port ?? cameraProtocol.port)
            let tls = try environment.tls(to: .camera, of: printer)
            let probe = Probe(
                loop: environment.loop, address: address, window: printer.camera.window,
                decoder: cameraProtocol.decoder(at: address, accessCode: subject.accessCode), tls: tls
            ) { [weak self] event in
                self?.receive(event, cameraProtocol)
            }
            self.probe = probe
            probe.start()
        } catch {
            fail(.tls, "\(error)", cameraProtocol)
        }
    }

    /// The camera's protocol: as configured, else of the model, else from the printer's status.
    private func cameraProtocol(of subject: Subject) -> CameraProtocol? {
        printer.camera.cameraProtocol ?? subject.model.camera ?? subject.status?.cameraProtocol
    }

    private func receive(_ event: Probe.Event, _ cameraProtocol: CameraProtocol) {
        switch event {
        case .secured(let certificate): environment.remember(certificate.fingerprint, of: printer, service: .camera)
        case .ended(let statistics, let error):
            probe = nil
            reading.frames += statistics.frames
            if let lastFrame = statistics.lastFrame {
                let time = WallClock.now() - (environment.loop.now - lastFrame).inSeconds
                reading.lastFrame = (time * 1000).rounded() / 1000
            }
            if let error {
                let hint = Remedy.text(for: error, printer: printer, cameraProtocol)
                fail(CameraReading.Failure(error), "\(error). \(hint)", cameraProtocol)
            } else {
                succeed(statistics, cameraProtocol)
            }
        }
    }

    private func succeed(_ statistics: FrameStatistics, _ cameraProtocol: CameraProtocol) {
        var picture = CameraReading.Picture(cameraProtocol: cameraProtocol)
        picture.width = statistics.size?.width
        picture.height = statistics.size?.height
        picture.framesPerSecond = statistics.framesPerSecond
        picture.frameBytes = statistics.bytesPerFrame
        picture.isFrozen = statistics.isFrozen
        reading.picture = picture
        reading.isUp = true
        if problem.clear() { environment.log.info("The camera works again", ["printer": printer.name]) }
        hint = nil
        finish(cameraProtocol)
    }

    private func fail(_ failure: CameraReading.Failure, _ detail: String, _ cameraProtocol: CameraProtocol) {
        reading.failures[failure, default: 0] += 1
        reading.picture = nil
        reading.isUp = failure.isInconclusive ? nil : false
        log(failure.rawValue, detail, at: failure.isInconclusive ? .info : .warn)
        finish(cameraProtocol)
    }

    private func finish(_ cameraProtocol: CameraProtocol) {
        schedule.recordEnd(at: environment.loop.now)
        if let expiry { environment.loop.cancel(expiry) }
        let lifetime = printer.camera.interval(for: cameraProtocol) * 2
        expiry = environment.loop.schedule(after: lifetime) { [weak self] in
            guard let self else { return }
            reading = reading.withdrawn
            onChange()
        }
        timer.set(schedule.deadline)
        onChange()
    }

    private func log(_ kind: String, _ detail: String, at level: Options.LogLevel) {
        environment.log.write(
            problem.level(of: kind, first: level), "The camera does not work",
            ["printer": printer.name, "reason": kind, "detail": detail])
        hint = detail
    }
}

extension CameraReading.Failure {
    init(_ error: ProbeError) {
        switch error {
        case .authentication: self = .auth
        case .refused: self = .refused
        case .timedOut: self = .timeout
        case .tls: self = .tls
        case .certificate: self = .certificate
        case .busy: self = .busy
        case .gaveUp, .violation: self = .protocol
        }
    }

    /// Whether the camera may still work: another viewer uses it, or a setting disables it.
    fileprivate var isInconclusive: Bool { self == .busy || self == .disabled }
}

extension CameraProtocol {
    func decoder(at address: SocketAddress, accessCode: Secret) -> any CameraStreamDecoder {
        switch self {
        case .jpeg: JPEGStreamDecoder(accessCode: accessCode)
        case .rtsp: RTSPStreamDecoder(url: "rtsps://\(address.text)\(Self.rtspPath)", accessCode: accessCode)
        }
    }
}
