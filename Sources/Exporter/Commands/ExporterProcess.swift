import BambuMetrics
import CShim
import Glibc
import HTTP
import Platform
import Reactor

/// The running exporter.
///
/// It has one thread each for the printers, the listener, files and the log; the main thread waits for signals.
final class ExporterProcess: Sendable {
    private struct Status {
        var isConfigurationCurrent = true
        var configurationTime: Double
        var isStopping = false
    }

    private let options: Options
    private let loader: ConfigurationLoader
    private let writer: LogWriter
    private let log: Log
    private let loop: EventLoop
    private let files: SerialWorker
    private let certificates: KnownCertificates
    private let protection: WebProtection
    private let manager: SystemdNotifier
    private let registry = Registry()
    private let status: Locked<Status>
    private let start = Instant.now()
    private let fleet = LoopIsolated<Fleet?>(nil)
    private let listener = Locked<Server?>(nil)
    private let watchdog = Locked<Watchdog?>(nil)
    /// Allows one reload at a time, requested by a signal or over HTTP.
    private let reloading = Locked(())

    init(_ options: Options, _ loader: ConfigurationLoader) throws {
        self.options = options
        self.loader = loader
        writer = try LogWriter()
        log = Log(level: options.logLevel, format: options.logFormat, output: writer.write)
        files = try SerialWorker(named: "files")
        let loop = try EventLoop()
        self.loop = loop
        certificates = KnownCertificates(log: log) { [files] certificates in
            // Wait a second, so that a thousand new printers do not write the whole file a thousand times.
            loop.perform { loop.schedule(after: .seconds(1)) { certificates.synchronize(on: files) } }
        }
        protection = WebProtection(file: options.webConfigFile, site: options.site, log: log)
        manager = SystemdNotifier(environment: loader.environment)
        status = Locked(Status(configurationTime: WallClock.now()))
    }

    /// Serves until a signal ends the process.
    ///
    /// - Throws: `ConfigurationError`, `ListenError` or `SystemError` if the exporter cannot start.
    func run() throws -> Int32 {
        // Write all log lines before the process ends, if standard error accepts them.
        defer { writer.flush(within: .milliseconds(500)) }
        let signals = try Signals([SIGTERM, SIGINT, SIGHUP])
        let configuration = try loader.load()
        protection.use(try protection.read())
        certificates.use(try KnownCertificates.read(in: configuration.stateDirectory))
        log.info(
            "Starting",
            ["version": Build.version, "revision": Build.revision, "printers": configuration.ownPrinters.count])
        DescriptorLimit.raise()?.log(to: log, printers: configuration.ownPrinters.count)
        shim_return_memory()
        for warning in configuration.warnings { log.warn(warning) }
        // Before the first printer connects: if the port is in use, no thread has to be ended.
        let server = server(at: try options.addresses)
        let addresses = try server.open()
        let reactor = try startReactor(configuration, signals)
        do {
            try server.start()
        } catch {
            _ = stop(reactor)
            throw error
        }
        for address in addresses { log.info("Listening", ["address": address.text]) }
        let count = configuration.ownPrinters.count
        manager.ready("Watching \(count) configured \(count == 1 ? "printer" : "printers")")
        while let signal = signals.next(), signal == SIGHUP {
            files.perform { [self] in reloadForManager() }
        }
        return stop(server, reactor)
    }

    // MARK: Start and stop

    /// Starts the printers' thread and waits until all printers are registered: the listener must not answer before.
    private func startReactor(_ configuration: Configuration, _ signals: Signals) throws -> CountingSemaphore {
        let (started, ended) = (CountingSemaphore(), CountingSemaphore())
        try Thread(named: "reactor") { [loop] in
            loop.run()
            ended.signal()
        }.detach()
        loop.perform { [self] in
            let environment = ReactorEnvironment(
                loop: loop, registry: registry, certificates: certificates, files: files, log: log)
            let fleet = Fleet(environment: environment)
            self.fleet.value = fleet
            fleet.apply(configuration)
            notifyWatchdog()
            synchronizePeriodically()
            started.signal()
        }
        try startWatchdog()
        while !started.wait(within: .milliseconds(200)), !signals.isEndPending {}
        return ended
    }

    private func startWatchdog() throws {
        var limits = Watchdog.Limits()
        #if DEBUG
            // Makes the event loop hang, to test the watchdog.
            let times = ["BAMBU_DEBUG_HANG_AFTER", "BAMBU_DEBUG_HANG_LIMIT"].compactMap { loader.environment[$0] }
                .compactMap(DurationText.parse)
            if let delay = times.first, let limit = times.dropFirst().first {
                limits = Watchdog.Limits(unhealthy: limit / 10, fatal: limit, interval: .milliseconds(50))
                loop.perform { [loop] in loop.schedule(after: delay) { while true { sleep(1000) } } }
            }
        #endif
        let new = try Watchdog(on: loop, limits: limits, log: log) { [writer] in
            writer.flush(within: .seconds(1))
            _exit(1)
        }
        watchdog.withLock { $0 = new }
    }

    /// Finishes the responses being written and disconnects from the printers. Takes at most 5 s, even if a thread
    /// hangs.
    private func stop(_ server: Server, _ reactor: CountingSemaphore) -> Int32 {
        log.info("Stopping")
        manager.stopping()
        status.withLock { $0.isStopping = true }
        let served = CountingSemaphore()
        server.stop(within: .milliseconds(1500)) { served.signal() }
        let isServed = served.wait(within: .seconds(2))
        guard stop(reactor), isServed else {
            log.error("A thread hangs; exiting without waiting for it", ["running": loop.progress.running ?? "nothing"])
            writer.flush(within: .milliseconds(500))
            _exit(1)
        }
        return 0
    }

    /// Stops the printers' thread. Returns whether it has ended.
    private func stop(_ reactor: CountingSemaphore) -> Bool {
        loop.perform { [self] in
            fleet.value?.stop()
            fleet.value = nil
        }
        loop.stop()
        let hasEnded = reactor.wait(within: .milliseconds(1500))
        watchdog.withLock { $0?.stop() }
        certificates.synchronize(on: files)
        files.finish(within: .milliseconds(500))
        return hasEnded
    }

    // MARK: Periodic tasks on the event loop

    /// Notifies systemd on the event loop's thread, so that systemd restarts the process if the loop hangs.
    private func notifyWatchdog() {
        guard let interval = manager.watchdogInterval else { return }
        manager.alive()
        loop.schedule(after: interval) { [weak self] in self?.notifyWatchdog() }
    }

    /// Synchronizes often enough for the minute that `bambu_exporter forget` promises.
    private func synchronizePeriodically() {
        certificates.synchronize(on: files)
        loop.schedule(after: .seconds(10)) { [weak self] in self?.synchronizePeriodically() }
    }

    // MARK: The listener

    private func server(at addresses: [ListenAddress]) -> Server {
        var limits = Limits()
        limits.answers = options.maxRequests
        let reloadAll: @Sendable () -> ConfigurationError? = { self.reload() }
        let routes = Routes(
            registry: registry, exporter: { self.snapshot() },
            isHealthy: { self.watchdog.withLock { $0 }?.isHealthy ?? true },
            isStopping: { self.status.withLock { $0.isStopping } },
            reload: options.enablesLifecycle ? reloadAll : nil,
            telemetryPath: options.telemetryPath, site: options.site,
            scheme: { self.protection.speaksTLS ? "https" : "http" }, start: start)
        let server = Server(
            addresses: addresses, limits: limits, accessControl: protection.accessControl,
            isExempt: { [site = options.site] in site.route($0.path)?.hasPrefix("/-/") == true },
            handler: routes.response
        )
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
        snapshot.droppedLogLines = writer.dropped
        snapshot.account = registry.account
        snapshot.brokerSessions = registry.sessions
        snapshot.process = ProcessMetrics.read()
        return snapshot
    }

    // MARK: Reload

    private func reloadForManager() {
        manager.reloading()
        manager.ready(
            reload() == nil ? "Configuration reloaded" : "Reloading failed; the previous configuration stays in use")
    }

    /// Reads all files, and applies them only if none has an error.
    private func reload() -> ConfigurationError? {
        reloading.withLock { _ in
            do throws(ConfigurationError) {
                let configuration = try loader.load()
                let web = try protection.read()
                let known = try KnownCertificates.read(in: configuration.stateDirectory)
                protection.use(web)
                certificates.use(known)
                status.withLock { status in
                    status.isConfigurationCurrent = true
                    status.configurationTime = WallClock.now()
                }
                for warning in configuration.warnings { log.warn(warning) }
                loop.perform { [self] in fleet.value?.apply(configuration) }
                log.info("Configuration reloaded", ["printers": configuration.ownPrinters.count])
                return nil
            } catch {
                status.withLock { $0.isConfigurationCurrent = false }
                log.error("Reloading failed; the previous configuration stays in use", ["err": error])
                return error
            }
        }
    }
}
