import BambuMetrics
import CShim
import Glibc
import HTTP
import Reactor

/// The exporter at work: one thread for the printers, one for the listener, and this one, which waits for signals.
final class Service: Sendable {
    private struct Status {
        var isConfigurationCurrent = true
        var configurationTime: Double
        var isStopping = false
    }

    private let options: Options
    private let loader: ConfigurationLoader
    private let log: Log
    private let loop: EventLoop
    private let protection: WebProtection
    private let manager: ServiceManager
    private let registry = Registry()
    private let shared = SharedCell()
    private let certificates = KnownCertificates()
    private let files: FileWorker
    private let status: Locked<Status>
    private let start = Instant.now()
    private let fleet = LoopIsolated<Fleet?>(nil)
    private let listener = Locked<Server?>(nil)
    /// One reload at a time, from whichever thread it is asked for.
    private let reloading = Locked(())

    init(_ options: Options, _ loader: ConfigurationLoader) throws {
        self.options = options
        self.loader = loader
        log = Log(level: options.logLevel, format: options.logFormat)
        loop = try EventLoop()
        files = try FileWorker()
        protection = try WebProtection(file: options.webConfigFile, log: log)
        manager = ServiceManager(environment: loader.environment)
        status = Locked(Status(configurationTime: WallClock.now()))
    }

    /// Serves until it is asked to stop.
    ///
    /// - Throws: what keeps it from starting: `ConfigurationError`, `ListenError`, `SystemError`.
    func run() throws -> Int32 {
        let signals = try Signals([SIGTERM, SIGINT, SIGHUP])
        let configuration = try loader.load()
        let addresses = try options.addresses
        try certificates.keep(in: configuration.stateDirectory)
        log.info(
            "Starting",
            ["version": Build.version, "revision": Build.revision, "printers": configuration.ownPrinters.count])
        DescriptorLimit.raise()?.tell(log, printers: configuration.ownPrinters.count)
        shim_return_memory()
        for warning in configuration.warnings { log.warn(warning) }
        let reactor = try Thread(named: "reactor") { self.loop.run() }
        loop.perform { [self] in
            let environment = ReactorEnvironment(loop: loop, certificates: certificates, files: files, log: log)
            let fleet = Fleet(environment: environment, registry: registry, cell: shared)
            self.fleet.value = fleet
            fleet.apply(configuration)
        }
        // The listener must not answer before it knows the printers.
        wait { _ in }
        let server = server(at: addresses)
        for address in try server.start() { log.info("Listening", ["address": address.text]) }
        let count = configuration.ownPrinters.count
        manager.ready("Watching \(count) configured \(count == 1 ? "printer" : "printers")")
        loop.perform { [self] in keepWatchdogQuiet() }
        while let signal = signals.next() {
            guard signal == SIGHUP else { break }
            manager.reloading()
            manager.ready(
                reload() == nil
                    ? "The configuration was read again" : "The configuration is wrong; the one before stays")
        }
        log.info("Stopping")
        manager.stopping()
        status.withLock { $0.isStopping = true }
        // Whoever asks a second time means at once.
        signals.release()
        stop(server)
        wait { $0?.stop() }
        loop.stop()
        reactor.join()
        return 0
    }

    /// From the thread that all printers depend on: should it hang, systemd starts the process anew.
    private func keepWatchdogQuiet() {
        guard let interval = manager.watchdogInterval else { return }
        manager.alive()
        loop.schedule(after: interval) { [weak self] in self?.keepWatchdogQuiet() }
    }

    private func server(at addresses: [ListenAddress]) -> Server {
        var limits = Limits()
        limits.answers = options.maxRequests
        let reloadAll: @Sendable () -> ConfigurationError? = { self.reload() }
        let isStopping: @Sendable () -> Bool = { self.status.withLock { $0.isStopping } }
        let context = Routes.Context(
            registry: registry, exporter: { self.snapshot() }, isStopping: isStopping,
            reload: options.enablesLifecycle ? reloadAll : nil,
            telemetryPath: options.telemetryPath, scheme: { self.protection.speaksTLS ? "https" : "http" }, start: start
        )
        let routes = Routes(context)
        let server = Server(
            addresses: addresses, limits: limits, protection: protection.protection,
            isExempt: { $0.path.hasPrefix("/-/") }
        ) { request, _ in routes.answer(request) }
        listener.withLock { $0 = server }
        return server
    }

    private func snapshot() -> ExporterSnapshot {
        var snapshot = ExporterSnapshot()
        snapshot.version = Build.version
        snapshot.revision = Build.revision
        snapshot.swiftVersion = Build.swiftVersion
        let status = status.withLock { $0 }
        snapshot.isConfigurationCurrent = status.isConfigurationCurrent
        snapshot.configurationTime = status.configurationTime
        let rejections = listener.withLock { $0 }?.rejections ?? [:]
        snapshot.rejectedRequests = RejectionReason.allCases.map { ($0.rawValue, rejections[$0] ?? 0) }
        snapshot.account = shared.account
        snapshot.sharedLinks = shared.links
        snapshot.process = ProcessMetrics.read()
        return snapshot
    }

    /// Reads the configuration again. A bad one changes nothing.
    private func reload() -> ConfigurationError? {
        reloading.withLock { _ in
            do throws(ConfigurationError) {
                let configuration = try loader.load()
                try certificates.keep(in: configuration.stateDirectory)
                try protection.reload()
                status.withLock { status in
                    status.isConfigurationCurrent = true
                    status.configurationTime = WallClock.now()
                }
                for warning in configuration.warnings { log.warn(warning) }
                loop.perform { [self] in
                    fleet.value?.apply(configuration)
                }
                log.info("Configuration reloaded", ["printers": configuration.ownPrinters.count])
                return nil
            } catch {
                status.withLock { $0.isConfigurationCurrent = false }
                log.error("Configuration not reloaded; the old one stays in force", ["err": error])
                return error
            }
        }
    }

    /// Lets the responses being written end.
    private func stop(_ server: Server) {
        let done = Semaphore()
        server.stop(within: .milliseconds(1500)) { done.signal() }
        done.wait()
    }

    /// Has the loop's thread do something with the fleet, and waits until it has.
    private func wait(_ body: @escaping @Sendable (Fleet?) -> Void) {
        let done = Semaphore()
        loop.perform { [self] in
            body(fleet.value)
            done.signal()
        }
        done.wait()
    }
}
