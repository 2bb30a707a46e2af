import BambuMetrics
import BambuProtocol
import Glibc
import Platform
import Reactor

/// `bambu_exporter snapshot`: checks the options and runs a `PictureCapture` until it ends or a signal arrives.
struct PictureCommand {
    let options: Options
    let loader: ConfigurationLoader
    private var name: PictureName { PictureName(options.output ?? "") }

    /// Returns the exit code.
    ///
    /// - Throws: `ConfigurationError` or `CommandError`.
    func run() throws -> Int32 {
        let signals = try Signals([SIGTERM, SIGINT])
        let configuration = try loader.load()
        let printer = try configuration.printer(named: options.operand ?? "", for: "snapshot")
        guard let host = printer.host else {
            throw CommandError(
                "\(printer.name) has no host. Pictures are available over the LAN only: set host in the configuration")
        }
        try refuseRTSP(printer, host)
        return try capture(printer, configuration, signals)
    }

    private func capture(
        _ printer: Configuration.Printer, _ configuration: Configuration, _ signals: Signals
    ) throws -> Int32 {
        let loop = try EventLoop()
        let log = Log(level: max(options.logLevel, .warn), format: options.logFormat)
        let certificates = KnownCertificates(log: log)
        certificates.use(try KnownCertificates.read(in: configuration.stateDirectory))
        defer { certificates.synchronize() }
        let environment = ReactorEnvironment(
            loop: loop, certificates: certificates, files: try SerialWorker(named: "files"), log: log)
        environment.authorities.value = configuration.authorities
        // A session at the printer's broker is only needed for the progress.
        let fleet = needsPercent ? Fleet(environment: environment) : nil
        fleet?.apply(configuration.reduced(to: printer))
        let percent = { environment.registry.printers.first?.read(at: Instant.now())?.snapshot.state?.job.progress }
        let snapshot = PictureCapture(
            printer, plan: PicturePlan(mode), name: name, percent: fleet == nil ? nil : percent,
            environment: environment)
        try Thread(named: "signals") {
            _ = signals.next()
            loop.stop()
        }.detach()
        snapshot.run()
        loop.run()
        fleet?.stop()
        if let failure = snapshot.failure { throw CommandError(failure) }
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
            throw CommandError(
                "the camera protocol of \(printer.name) is not known. Set camera.protocol to jpeg or rtsp")
        }
        guard cameraProtocol == .rtsp else { return }
        let port = printer.camera.port ?? cameraProtocol.port
        let authority = host.contains(":") ? "[\(host)]" : host
        let file = options.output.map { $0 == "-" ? "-f mjpeg -" : "'\($0.filter { $0 != "'" })'" } ?? "picture.jpg"
        throw CommandError(
            "\(printer.name) has an RTSP camera. Use ffmpeg, with the access code in the variable ACCESS_CODE:",
            command:
                """
                ffmpeg -rtsp_transport tcp -i "rtsps://bblp:$ACCESS_CODE@\(authority):\(port)\(CameraProtocol.rtspPath)" \
                -frames:v 1 -update 1 -y \(file)
                """)
    }
}

extension Configuration {
    /// The configuration for a session with one printer; its camera, the account and a broker are not needed.
    fileprivate func reduced(to printer: Printer) -> Configuration {
        var reduced = self
        reduced.printers = [printer]
        reduced.printers[0].camera.isEnabled = false
        (reduced.cloud, reduced.broker) = (nil, nil)
        reduced.shard = Shard()
        return reduced
    }
}
