import BambuMetrics
import Foundation
import OpenMetrics
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

/// An account over HTTP and the fleet that follows it, in this process, so that intervals may be shorter than any
/// configuration allows.
final class AccountBench: Sendable {
    let account: SimulatedAccount
    private let server: CloudServer
    private let folder: TemporaryFolder
    private let thread: LoopThread
    private let registry = Registry()
    private let shared = AccountMailbox()
    private let lines = Locked<[String]>([])
    private let fleet = LoopIsolated<Fleet?>(nil)

    /// - Parameter change: makes the configuration another one than a poll every second without reports.
    init(
        _ account: SimulatedAccount = SimulatedAccount(), _ change: (inout Configuration) -> Void = { _ in }
    ) throws {
        self.account = account
        // Whoever runs the tests may be behind a proxy, which knows nothing of this machine's loopback.
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
        let files = try FileWorker()
        thread.loop.perform { [self, configuration] in
            let environment = ReactorEnvironment(
                loop: thread.loop, certificates: KnownCertificates(), files: files, log: log)
            let fleet = Fleet(environment: environment, registry: registry, mailbox: shared)
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

    /// Puts a token into the file, as a login or somebody's editor does.
    func write(_ token: String) throws {
        try TokenFile.write(Secret(token), to: folder.url.appending(path: "token").path)
    }

    var metrics: Samples {
        var exporter = ExporterSnapshot()
        exporter.account = shared.account
        exporter.brokerSessions = shared.links
        let body = Routes.body(of: registry.all.map(\.mailbox), exporter: exporter, in: .text, at: Instant.now())
        return Samples(String(decoding: body, as: UTF8.self))
    }

    /// The status page.
    var page: String {
        var exporter = ExporterSnapshot()
        exporter.account = shared.account
        let printers = registry.all.compactMap { $0.mailbox.read(at: Instant.now()) }
        return StatusPage.html(of: printers, exporter: exporter, telemetryPath: "/metrics", at: WallClock.now())
    }

    var log: [String] { lines.withLock { $0 } }

    /// Waits until something is so; what it failed for is told with the last of the log.
    func eventually(_ what: String, within limit: Duration = .seconds(30), _ isSo: () throws -> Bool) async throws {
        do {
            try await ExporterTests.eventually(what, within: limit, isSo)
        } catch {
            throw RunningExporter.Failure(description: "\(error); the log ends:\n\(log.suffix(12).joined())")
        }
    }

    func warnings() -> [String] { log.filter { $0.contains("level=warn") || $0.contains("level=error") } }

    /// Everything that anybody can see.
    var output: String { log.joined() + metrics.text + page }
}
