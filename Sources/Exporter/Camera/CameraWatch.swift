import BambuMetrics
import BambuProtocol
import Camera
import Reactor
import VideoParsing

/// Looks at one printer's camera from time to time and keeps what it saw. Confined to the loop's thread.
final class CameraWatch {
    /// What a look needs to know of the printer.
    struct Subject {
        /// The address that the printer's broker answered at.
        let address: SocketAddress
        let accessCode: Secret
        let model: Model
        let status: CameraStatus?
    }

    private let printer: Configuration.Printer
    private let environment: ReactorEnvironment
    private let subject: () -> Subject?
    private let onChange: () -> Void
    private var schedule: CameraSchedule
    private var timer: TimerQueue.Token?
    private var expiry: TimerQueue.Token?
    private var probe: Probe?
    private var lastComplaint: String?
    /// What is wrong, in words; `nil` while the camera is seen.
    private(set) var advice: String?

    /// What is shown of the camera.
    private(set) var reading = CameraReading()

    /// - Parameters:
    ///   - spread: over how long the first looks at many cameras are spread.
    ///   - subject: the printer as it is now; `nil` where it cannot be looked at.
    ///   - onChange: called when `reading` has changed.
    init(
        _ printer: Configuration.Printer, spread: Duration, environment: ReactorEnvironment,
        subject: @escaping () -> Subject?, onChange: @escaping () -> Void
    ) {
        self.printer = printer
        self.environment = environment
        self.subject = subject
        self.onChange = onChange
        schedule = CameraSchedule(interval: printer.camera.interval, spread: spread)
    }

    /// Notes whether the printer's reports arrive. A printer that is down is not looked at.
    func note(isUp: Bool) {
        schedule.note(isUp: isUp, at: environment.loop.now)
        if !isUp, probe != nil || reading.isUp != nil || reading.lastFrame != nil { withdraw() }
        arm()
    }

    func noteFullReport() {
        schedule.noteFullReport(at: environment.loop.now)
        arm()
    }

    /// Does nothing more.
    func stop() {
        probe?.cancel()
        probe = nil
        for timer in [timer, expiry] { if let timer { environment.loop.cancel(timer) } }
    }

    private func withdraw() {
        probe?.cancel()
        probe = nil
        reading = reading.withdrawn
        advice = nil
    }

    private func arm() {
        if let timer { environment.loop.cancel(timer) }
        timer = schedule.deadline.map { deadline in
            environment.loop.schedule(at: deadline) { [weak self] in self?.lookIfDue() }
        }
    }

    private func lookIfDue() {
        if schedule.isDue(at: environment.loop.now) { look() }
        arm()
    }

    private func look() {
        guard let subject = subject(), let language = language(of: subject) else {
            return schedule.noteEnd(at: environment.loop.now)
        }
        reading.probes += 1
        if language == .rtsp, subject.status?.isDisabled == true {
            return end(.disabled, Remedy.disabledCamera, language)
        }
        do {
            let address = subject.address.at(port: printer.camera.port ?? language.port)
            let tls = try TLSContext(
                name: printer.serial, trust: try environment.trust(in: printer, service: .camera), peer: .printer)
            let target = Probe.Target(
                address: address, language: language.spoken(at: address), accessCode: subject.accessCode,
                window: printer.camera.window)
            let probe = Probe(loop: environment.loop, target: target, tls: tls) { [weak self] event in
                self?.receive(event, language)
            }
            self.probe = probe
            probe.start()
        } catch {
            end(.tls, "\(error)", language)
        }
    }

    /// What the camera speaks: as configured, by model, or as the printer lets see.
    private func language(of subject: Subject) -> CameraLanguage? {
        if let language = printer.camera.language ?? subject.model.camera ?? subject.status?.language {
            return language
        }
        complain("unknown", "nobody knows what the camera of this model speaks. Set camera.protocol", at: .info)
        return nil
    }

    private func receive(_ event: Probe.Event, _ language: CameraLanguage) {
        switch event {
        case .secured(let certificate): environment.remember(certificate, of: printer, service: .camera)
        case .picture: break
        case .ended(let tally, let error):
            probe = nil
            reading.frames += tally.frames
            if let lastFrame = tally.lastFrame {
                let time = WallClock.now() - (Instant.now() - lastFrame).inSeconds
                reading.lastFrame = (time * 1000).rounded() / 1000
            }
            if let error {
                end(CameraReading.Failure(error), "\(error). \(Remedy.text(for: error, printer: printer))", language)
            } else {
                succeed(tally, language)
            }
        }
    }

    private func succeed(_ tally: FrameTally, _ language: CameraLanguage) {
        var picture = CameraReading.Picture(language: language)
        picture.width = tally.size?.width
        picture.height = tally.size?.height
        picture.framesPerSecond = tally.framesPerSecond
        picture.frameBytes = tally.bytesPerFrame
        picture.isFrozen = tally.isFrozen
        reading.picture = picture
        reading.isUp = true
        if lastComplaint != nil { environment.log.info("The camera is seen", ["printer": printer.name]) }
        lastComplaint = nil
        advice = nil
        finish()
    }

    private func end(_ failure: CameraReading.Failure, _ detail: String, _ language: CameraLanguage) {
        reading.failures[failure, default: 0] += 1
        reading.picture = nil
        // Whoever looks at it sees that it works.
        reading.isUp = failure == .busy ? nil : false
        complain(failure.rawValue, detail, at: failure == .busy ? .info : .warn)
        finish()
    }

    private func finish() {
        schedule.noteEnd(at: environment.loop.now)
        if let expiry { environment.loop.cancel(expiry) }
        expiry = environment.loop.schedule(after: printer.camera.interval * 2) { [weak self] in
            guard let self else { return }
            self.reading = self.reading.withdrawn
            self.onChange()
        }
        arm()
        onChange()
    }

    /// Says once what is wrong; while it stays the same, only at debug.
    private func complain(_ kind: String, _ detail: String, at level: Options.LogLevel) {
        let fields: Log.Fields = ["printer": printer.name, "reason": kind, "detail": detail]
        environment.log.write(lastComplaint == kind ? .debug : level, "The camera is not seen", fields)
        lastComplaint = kind
        advice = detail
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
        case .violation: self = .protocol
        }
    }
}

extension CameraLanguage {
    /// What a probe has to speak to the camera at `address`.
    func spoken(at address: SocketAddress) -> Probe.Language {
        self == .jpeg ? .jpeg : .rtsp(url: "rtsps://\(address.text)\(Self.rtspPath)")
    }
}
