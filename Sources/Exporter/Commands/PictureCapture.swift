import BambuMetrics
import BambuProtocol
import Camera
import Glibc
import Platform
import Reactor
import TLS

/// `bambu_exporter snapshot`: takes pictures with a printer's JPEG camera. Confined to its loop's thread.
final class PictureCapture {
    /// If pictures are taken less often, the connection is closed in between, since the camera serves one viewer.
    private static let longestHold = Duration.seconds(5)
    private static let retryDelay = Duration.seconds(5)
    private static let checkInterval = Duration.milliseconds(200)
    /// How long to wait for the printer's progress.
    private static let progressTimeout = Duration.seconds(10)

    private let printer: Configuration.Printer
    private let environment: ReactorEnvironment
    private let attempts: AddressAttempts
    private let name: PictureName
    /// Returns the progress of the print; `nil` if it is not needed.
    private let percent: (() -> Double?)?
    private var plan: PicturePlan
    private var probe: Probe?
    private var retryAt: Instant?
    private let start = Instant.now()
    private var problem = LogOnce()

    /// Why the capture failed; `nil` if it did not.
    private(set) var failure: String?

    init(
        _ printer: Configuration.Printer, plan: PicturePlan, name: PictureName, percent: (() -> Double?)?,
        environment: ReactorEnvironment
    ) {
        self.printer = printer
        attempts = AddressAttempts(on: environment.loop, resolver: environment.resolver, limit: Probe.connectLimit)
        self.plan = plan
        self.name = name
        self.percent = percent
        self.environment = environment
    }

    /// Checks periodically whether a picture is due.
    func run() {
        defer { environment.loop.schedule(after: Self.checkInterval) { self.run() } }
        let now = environment.loop.now
        guard !attempts.isActive, retryAt.map({ now >= $0 }) ?? true, isReady(now), isDue(now) else { return }
        let port = printer.camera.port ?? CameraProtocol.jpeg.port
        attempts.begin(printer.host ?? "", port: port) { [weak self] address, limit in
            self?.start(at: address, within: limit)
        } onUnresolved: { [weak self] reason in
            self?.fail("\(reason). \(Remedy.text(forUnreachable: .dns))")
        }
    }

    private func isDue(_ now: Instant) -> Bool { plan.isDue(at: now, percent: percent?()) }

    /// Whether the printer has reported its progress or had enough time to.
    private func isReady(_ now: Instant) -> Bool {
        guard let percent else { return true }
        return percent() != nil || now - start >= Self.progressTimeout
    }

    private func start(at address: SocketAddress, within limit: Duration) {
        do {
            let tls = try environment.tls(to: .camera, of: printer)
            let decoder = JPEGStreamDecoder(accessCode: printer.accessCode ?? Secret("")) { [weak self] in
                self?.receive($0)
            }
            let probe = Probe(
                loop: environment.loop, address: address, window: nil, connectLimit: limit, decoder: decoder, tls: tls
            ) { [weak self] in
                self?.receive($0)
            }
            self.probe = probe
            probe.start()
        } catch {
            fail("\(error)")
        }
    }

    private func receive(_ event: Probe.Event) {
        switch event {
        case .secured(let certificate): environment.remember(certificate.fingerprint, of: printer, service: .camera)
        case .ended(_, let error):
            if error?.isUnreached == true, attempts.tryNext() { return }
            guard let error else { return pause() }
            fail("\(error). \(Remedy.text(for: error, printer: printer, .jpeg))")
        }
    }

    private func receive(_ picture: [UInt8]) {
        _ = problem.clear()
        attempts.markReachable()
        if isDue(environment.loop.now) { keep(picture) }
        if !isHeld { release() }
    }

    /// Whether the connection stays open for the next picture.
    private var isHeld: Bool {
        if case .every(let interval) = plan.mode { return interval < Self.longestHold }
        return false
    }

    private func release() {
        attempts.cancel()
        probe?.cancel()
        probe = nil
    }

    private func keep(_ picture: [UInt8]) {
        let percent = percent?()
        plan.recordPicture(at: environment.loop.now, percent: percent)
        do {
            try write(picture, percent)
        } catch {
            failure = "cannot write \(name.text(time: TimeText.now(), percent: percent)): \(FileReading.reason(error))"
        }
        if plan.isOver || failure != nil { end() }
    }

    private func write(_ picture: [UInt8], _ percent: Double?) throws {
        guard name.isStandardOutput else {
            let file = name.text(time: TimeText.now(), percent: percent)
            try AtomicFile.write(picture, to: file, permissions: 0o644)
            return
        }
        // The reader of standard output, such as a player, may have been closed; this is not an error.
        if !Output.write(picture, to: STDOUT_FILENO) { end() }
    }

    /// A failure ends the capture of one picture; a series of pictures continues.
    private func fail(_ reason: String) {
        guard plan.mode != .once else {
            failure = reason
            return end()
        }
        environment.log.write(
            problem.level(of: reason, first: .warn), "Cannot take a picture",
            ["printer": printer.name, "detail": reason])
        pause()
    }

    private func pause() {
        release()
        retryAt = environment.loop.now + Self.retryDelay
    }

    private func end() {
        release()
        environment.loop.stop()
    }
}
