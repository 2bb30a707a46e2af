import BambuMetrics
import Foundation
import OpenMetrics
import Platform
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

/// A simulated account over HTTP and a fleet that uses it, in this process, so that intervals may be shorter than a
/// configuration allows.
final class AccountHarness: Sendable {
    let account: SimulatedAccount
    private let server: CloudServer
    private let folder: TemporaryFolder
    private let thread: LoopThread
    private let registry = Registry()
    private let lines = Locked<[String]>([])
    private let fleet = LoopIsolated<Fleet?>(nil)

    /// - Parameter change: changes the configuration; by default it polls every second and reads no reports.
    init(
        _ account: SimulatedAccount = SimulatedAccount(), _ change: (inout Configuration) -> Void = { _ in }
    ) throws {
        self.account = account
        // A proxy of the environment cannot reach this machine's loopback.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
        server = try CloudServer(account)
        folder = try TemporaryFolder()
        thread = try LoopThread()
        let lines = lines
        let log = Log(level: .debug) { line in lines.withLock { $0.append(line) } }
        var configuration = Configuration()
        var cloud = Configuration.Account()
        cloud.apiURL = "http://127.0.0.1:\(try server.start())"
        cloud.tokenFile = folder.url.appending(path: "token").path
        cloud.interval = .seconds(1)
        cloud.readsReports = false
        configuration.cloud = cloud
        change(&configuration)
        try write(account.token)
        let files = try SerialWorker(named: "files")
        thread.loop.perform { [self, configuration] in
            let environment = ReactorEnvironment(
                loop: thread.loop, registry: registry, certificates: KnownCertificates(), files: files, log: log)
            let fleet = Fleet(environment: environment)
            self.fleet.value = fleet
            fleet.apply(configuration)
        }
    }

    deinit {
        thread.loop.perform { [fleet] in
            fleet.value?.stop()
            fleet.value = nil
        }
        thread.end()
        server.stop()
    }

    /// Writes a token to the file, like a login or an editor.
    func write(_ token: String) throws {
        try AtomicFile.writePrivate(Array(token.utf8), to: folder.url.appending(path: "token").path)
    }

    var metrics: Samples {
        var exporter = ExporterSnapshot()
        exporter.account = registry.account
        exporter.brokerSessions = registry.sessions
        let exposition = Exposition(of: registry.printers, exporter: exporter, in: .text, at: Instant.now())
        let body = exposition.body
        return Samples(String(decoding: body, as: UTF8.self))
    }

    /// The status page.
    var page: String {
        var exporter = ExporterSnapshot()
        exporter.account = registry.account
        let printers = registry.printers.compactMap { $0.read(at: Instant.now()) }
        return StatusPage.html(of: printers, exporter: exporter, telemetryPath: "/metrics", at: WallClock.now())
    }

    var log: [String] { lines.withLock { $0 } }

    /// Waits until the condition holds. A failure includes the end of the log.
    func eventually(_ what: String, within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws
    {
        do {
            try await ExporterTests.eventually(what, within: limit, condition)
        } catch {
            throw RunningExporter.Failure(description: "\(error); the log ends:\n\(log.suffix(12).joined())")
        }
    }

    func warnings() -> [String] { log.filter { $0.contains("level=warn") || $0.contains("level=error") } }

    /// All output: log, metrics and status page.
    var output: String { log.joined() + metrics.text + page }
}
