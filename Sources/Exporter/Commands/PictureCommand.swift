import BambuProtocol
import Glibc
import Platform
import Reactor

/// `bambu_exporter snapshot`: checks the options and runs a `PictureCapture` until it ends or a signal arrives.
struct PictureCommand {
    let options: Options
    let loader: ConfigurationLoader
    private var name: PictureName { PictureName(options.output ?? "") }

    /// Runs the command. Returns the exit code.
    ///
    /// - Throws: `ConfigurationError`, or `PictureError` with the problem and what to do.
    func run() throws -> Int32 {
        let signals = try Signals([SIGTERM, SIGINT])
        let configuration = try loader.load()
        let printer = try configuration.printer(named: options.operand ?? "", for: "snapshot")
        guard let host = printer.host else {
            throw PictureError(
                "\(printer.name) has no host. Pictures are available over the LAN only: set host in the configuration")
        }
        try refuseRTSP(printer, host)
        return try capture(printer, at: host, configuration, signals)
    }

    private func capture(
        _ printer: Configuration.Printer, at host: String, _ configuration: Configuration,
        _ signals: Signals
    ) throws -> Int32 {
        let loop = try EventLoop()
        let log = Log(level: max(options.logLevel, .warn), format: options.logFormat)
        let certificates = KnownCertificates(log: log)
        certificates.use(try KnownCertificates.read(in: configuration.stateDirectory))
        defer { certificates.synchronize() }
        let environment = ReactorEnvironment(
            loop: loop, certificates: certificates, files: try SerialWorker(named: "files"), log: log)
        environment.authorities.use(configuration.authorities)
        // A session at the printer's broker is only needed for the progress.
        let watch = needsPercent ? PercentWatch(printer, configuration, environment: environment) : nil
        let snapshot = PictureCapture(
            printer, at: host, plan: PicturePlan(mode), name: name,
            percent: watch.map { watch in { watch.percent } },
            environment: environment)
        try Thread(named: "signals") {
            _ = signals.next()
            loop.stop()
        }.detach()
        snapshot.run()
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

    /// Rejects RTSP cameras with a command for ffmpeg, which does not contain the access code.
    private func refuseRTSP(_ printer: Configuration.Printer, _ host: String) throws {
        let model = printer.model ?? Model(serial: printer.serial)
        guard let cameraProtocol = printer.camera.cameraProtocol ?? model?.camera else {
            throw PictureError(
                "the camera protocol of \(printer.name) is not known. Set camera.protocol to jpeg or rtsp")
        }
        guard cameraProtocol == .rtsp else { return }
        let port = printer.camera.port ?? cameraProtocol.port
        let authority = host.contains(":") ? "[\(host)]" : host
        let file = options.output.map { $0 == "-" ? "-f mjpeg -" : "'\($0.filter { $0 != "'" })'" } ?? "picture.jpg"
        throw PictureError(
            """
            \(printer.name) has an RTSP camera. Use ffmpeg, with the access code in the variable ACCESS_CODE:
            ffmpeg -rtsp_transport tcp -i "rtsps://bblp:$ACCESS_CODE@\(authority):\(port)\(CameraProtocol.rtspPath)" \
            -frames:v 1 -update 1 -y \(file)
            """)
    }
}

/// Why no picture could be taken, and what to do.
struct PictureError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
