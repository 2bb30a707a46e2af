import BambuMetrics
import BambuProtocol
import Camera
import FoundationEssentials
import Glibc
import Reactor

/// `bambu_exporter snapshot`: pictures from a printer's JPEG camera. Confined to its loop's thread.
final class PictureCapture {
    /// A camera that is asked for pictures less often is left in between, for it serves one viewer.
    private static let longestHold = Duration.seconds(5)
    private static let retry = Duration.seconds(5)
    private static let glance = Duration.milliseconds(200)
    /// How long the printer may take to say how far the print is.
    private static let patience = Duration.seconds(10)

    private let printer: Configuration.Printer
    private let environment: ReactorEnvironment
    private let host: String
    private let attempts: AddressAttempts
    private let name: PictureName
    /// How far the print is, as the printer says; `nil` where nobody asks it.
    private let percent: (() -> Double?)?
    private var plan: PicturePlan
    private var probe: Probe?
    private var retryAt: Instant?
    private let start = Instant.now()
    private var lastComplaint = ""

    /// Why it ended; `nil` while all is well.
    private(set) var failure: String?

    init(
        _ printer: Configuration.Printer, at host: String, plan: PicturePlan, name: PictureName,
        percent: (() -> Double?)?, environment: ReactorEnvironment
    ) {
        self.printer = printer
        self.host = host
        attempts = AddressAttempts(on: environment.loop, resolver: environment.resolver, limit: Probe.connectLimit)
        self.plan = plan
        self.name = name
        self.percent = percent
        self.environment = environment
    }

    /// Looks whether a picture is wanted, again and again.
    func turn() {
        defer { environment.loop.schedule(after: Self.glance) { self.turn() } }
        let now = environment.loop.now
        guard !attempts.isActive, retryAt.map({ now >= $0 }) ?? true, isReady(now), isDue(now) else { return }
        look()
    }

    private func isDue(_ now: Instant) -> Bool { plan.isDue(at: now, percent: percent?()) }

    /// Whether the printer had the time to say how far the print is.
    private func isReady(_ now: Instant) -> Bool {
        guard let percent else { return true }
        return percent() != nil || now - start >= Self.patience
    }

    private func look() {
        attempts.begin(host, port: printer.camera.port ?? CameraLanguage.jpeg.port) { [weak self] in self?.take($0) }
    }

    private func take(_ step: AddressAttempts.Step) {
        switch step {
        case .attempt(let address, let limit): look(at: address, within: limit)
        case .unresolved(let reason): fail("\(reason). \(Remedy.text(forUnreachable: .dns))")
        }
    }

    private func look(at address: SocketAddress, within limit: Duration) {
        do {
            let trust = try environment.trust(in: printer, service: .camera)
            let tls = try TLSContext(name: printer.serial, trust: trust, peer: .printer)
            let target = Probe.Target(address: address, window: nil, connectLimit: limit)
            let decoder = JPEGStreamDecoder(accessCode: printer.accessCode ?? Secret("")) { [weak self] in
                self?.receive($0)
            }
            let probe = Probe(loop: environment.loop, target: target, decoder: decoder, tls: tls) { [weak self] in
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
        lastComplaint = ""
        attempts.markReachable()
        if isDue(environment.loop.now) { keep(picture) }
        if !isHeld { release() }
    }

    /// Whether the connection stays for the next picture.
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
        plan.noteTaken(at: environment.loop.now, percent: percent)
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
            try Data(picture).write(to: URL(filePath: file), options: .atomic)
            return
        }
        var rest = picture[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            // Whoever looked has gone: a player that was closed is no failure.
            guard count > 0 else { return end() }
            rest = rest.dropFirst(count)
        }
    }

    /// One picture that cannot be had is a failure; of many the next one may be better.
    private func fail(_ reason: String) {
        guard plan.mode != .once else {
            failure = reason
            return end()
        }
        if reason != lastComplaint { environment.log.warn("No picture", ["printer": printer.name, "detail": reason]) }
        lastComplaint = reason
        pause()
    }

    private func pause() {
        release()
        retryAt = environment.loop.now + Self.retry
    }

    private func end() {
        release()
        environment.loop.stop()
    }
}
