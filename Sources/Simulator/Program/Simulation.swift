import CommandFlags
import Glibc
import Platform

/// The program: runs a fleet until it is stopped by a signal.
package struct Simulation: Sendable {
    private let options: ProgramOptions
    private let fleet: SimulatedFleet
    private let failure = Locked<(any Error)?>(nil)

    /// Runs the program and exits: 0 after SIGINT, SIGTERM or `--help`, 1 on failure, 2 on wrong usage.
    package static func main() -> Never {
        do {
            let options = try ProgramOptions(arguments: Array(CommandLine.arguments.dropFirst()))
            if options.wantsHelp {
                write(ProgramOptions.help, to: STDOUT_FILENO)
                exit(0)
            }
            // Signals are blocked before any thread starts, so that all threads inherit the mask and `sigwait` receives
            // them.
            var signals = sigset_t()
            sigemptyset(&signals)
            for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            signal(SIGPIPE, SIG_IGN)
            try Simulation(options: options).run(until: signals)
            exit(0)
        } catch {
            write("bambu_simulator: \(error)\n", to: STDERR_FILENO)
            exit(error is UsageError ? 2 : 1)
        }
    }

    private init(options: ProgramOptions) throws {
        self.options = options
        fleet = try SimulatedFleet(try options.namedPrinters(), options: options.fleet)
    }

    private func run(until signals: sigset_t) throws {
        defer { fleet.stop() }
        Task {
            do {
                try await start()
            } catch {
                end(because: error)
            }
        }
        var signals = signals
        var signal: Int32 = 0
        sigwait(&signals, &signal)
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func end(because error: any Error) {
        failure.withLock { $0 = error }
        kill(getpid(), SIGTERM)
    }

    private func start() async throws {
        try await fleet.start { end(because: $0) }
        for fault in options.faults { try fleet.schedule(fault) }
        for fault in options.cloudFaults { fleet.cloud?.schedule(fault) }
        try announceReady()
        guard options.announces else { return }
        let announcer = try Announcer()
        let announcements = fleet.printers.map { Announcement(name: $0.name, serial: $0.serial, model: $0.model) }
        while true {
            for announcement in announcements { announcer.send(announcement) }
            // Real printers repeat their announcements every few seconds, too.
            try await Task.sleep(for: .seconds(5))
        }
    }

    private func announceReady() throws {
        if let file = options.configurationFile {
            try WorkDirectory.write(Array(fleet.exporterConfiguration().utf8), toPath: file, mode: 0o600)
            Self.write("Now run: bambu_exporter --config.file=\(file)\n", to: STDERR_FILENO)
        }
        let lines = fleet.printers.filter(\.hasLAN).map(line) + (fleet.cloud.map { [Self.line($0)] } ?? [])
        Self.write(lines.map { "\($0)\n" }.joined() + "ready\n", to: STDOUT_FILENO)
    }

    private func line(_ printer: FleetPrinter) -> JSONText {
        """
        {"name":\(printer.name),"serial":\(printer.serial),"model":\(printer.model.rawValue),"host":"127.0.0.1",\
        "port":\(printer.port),"camera_port":\(printer.cameraPort),"access_code":\(printer.accessCode),\
        "ca_file":\(fleet.caFile)}
        """
    }

    private static func line(_ cloud: FleetCloud) -> JSONText {
        let options = cloud.account.options
        return """
            {"account":\(options.email),"password":\(options.password),"mailed_code":\(options.mailedCode),\
            "authenticator_code":\(options.authenticatorCode),"api_url":\(cloud.url),"mqtt_port":\(cloud.brokerPort),\
            "user":\(cloud.user),"token":\(cloud.account.token)}
            """
    }

    private static func write(_ text: String, to descriptor: Int32) {
        WorkDirectory.writeAll(Array(text.utf8), to: descriptor)
    }
}
