import BambuProtocol
import Glibc
import Reactor

/// Reads the command line of `snapshot`, and lets a `PictureCapture` run until it ends or is asked to.
struct PictureCommand {
    let options: Options
    let loader: ConfigurationLoader
    private var name: PictureName { PictureName(options.output ?? "") }

    /// Returns the exit code.
    ///
    /// - Throws: `ConfigurationError`, `PictureError` with what is wrong and what to do.
    func run() throws -> Int32 {
        let signals = try Signals([SIGTERM, SIGINT])
        let configuration = try loader.load()
        let printer = try configuration.printer(named: options.operand ?? "", for: "snapshot")
        guard let host = printer.host else {
            throw PictureError("\(printer.name) has no host: a picture can be had over the LAN alone")
        }
        try refuseRTSP(printer, host)
        return try take(printer, at: host, configuration, signals)
    }

    private func take(
        _ printer: Configuration.Printer, at host: String, _ configuration: Configuration,
        _ signals: Signals
    ) throws -> Int32 {
        let loop = try EventLoop()
        let log = Log(level: max(options.logLevel, .warn), format: options.logFormat)
        let certificates = KnownCertificates(log: log)
        certificates.use(try KnownCertificates.read(in: configuration.stateDirectory))
        defer { certificates.synchronize() }
        let environment = ReactorEnvironment(
            loop: loop, certificates: certificates, files: try FileWorker(), log: log)
        environment.authorities.use(configuration.authorities)
        // Only who wants to know how far the print is takes a session at the printer's broker.
        let watch = needsPercent ? PercentWatch(printer, configuration, environment: environment) : nil
        let snapshot = PictureCapture(
            printer, at: host, plan: PicturePlan(mode), name: name,
            percent: watch.map { watch in { watch.percent } },
            environment: environment)
        let waiter = Signaller(signals: signals, loop: loop)
        try Thread(named: "signals") { waiter.wait() }.detach()
        snapshot.turn()
        loop.run()
        watch?.stop()
        if let failure = snapshot.failure { throw PictureError(failure) }
        return 0
    }

    private var mode: PicturePlan.Mode {
        if let part = options.everyPercent { return .everyPercent(part) }
        return options.follows ? .every(options.interval) : .once
    }

    private var needsPercent: Bool { options.everyPercent != nil || name.hasPercent }

    /// Other programs read RTSP: it is told how, without the code in the command.
    private func refuseRTSP(_ printer: Configuration.Printer, _ host: String) throws {
        let model = printer.model ?? Model(serial: printer.serial)
        guard let language = printer.camera.language ?? model?.camera else {
            throw PictureError(
                "nobody knows what the camera of \(printer.name) speaks. Set camera.protocol to jpeg or rtsp")
        }
        guard language == .rtsp else { return }
        let port = printer.camera.port ?? language.port
        let authority = host.contains(":") ? "[\(host)]" : host
        let file = options.output.map { $0 == "-" ? "-f mjpeg -" : "'\($0.filter { $0 != "'" })'" } ?? "picture.jpg"
        throw PictureError(
            """
            \(printer.name) has an RTSP camera, of which ffmpeg takes pictures. With its access code in ACCESS_CODE:
            ffmpeg -rtsp_transport tcp -i "rtsps://bblp:$ACCESS_CODE@\(authority):\(port)\(CameraLanguage.rtspPath)" \
            -frames:v 1 -update 1 -y \(file)
            """)
    }
}

/// Why there is no picture, and what to do.
struct PictureError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Ends a loop when the process is asked to end.
private final class Signaller: @unchecked Sendable {
    // Sendable: `signals` is used by the one thread that waits.
    private let signals: Signals
    private let loop: EventLoop

    init(signals: Signals, loop: EventLoop) {
        self.signals = signals
        self.loop = loop
    }

    func wait() {
        _ = signals.next()
        loop.stop()
    }
}
