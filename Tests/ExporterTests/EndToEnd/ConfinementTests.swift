import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// Checks the privileges that the program drops and the files that it writes.
@Suite("Confinement", .timeLimit(.minutes(3)))
struct ConfinementTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    @Test(.enabled(if: SystemCallTrace.isPossible, "requires strace and root"))
    func `the exporter writes to state_dir only and starts no program`() async throws {
        let options = try PrinterOptions(parsing: "P1S:ams@garage")
        let fleet = try SimulatedFleet([options], options: FleetOptions(), key: PrivateKey())
        try await fleet.start()
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let account = SimulatedAccount(AccountOptions())
        let server = try CloudServer(account)
        defer { server.stop() }
        let token = try folder.write("token", account.token)
        let file = try folder.write(
            "config.json5",
            """
            { cloud: { api_url: "http://127.0.0.1:\(try server.start())", token_file: "\(token)", mqtt: false },
              printers: [ { name: "garage", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
                access_code: "\(printer.accessCode)" } ], state_dir: "\(path("state"))" }
            """)
        let trace = try SystemCallTrace(in: folder)
        let exporter = try await RunningExporter(
            ["--config.file=\(file)", "--web.enable-lifecycle"], environment: ["HOME": folder.url.path],
            through: "exec \(trace.command.joined(separator: " ")) \"$@\"")
        try await exporter.eventually("printer and account are up") {
            let metrics = try exporter.metrics()
            return metrics.value("bambu_up") == 1 && metrics.value("bambu_cloud_up") == 1
        }
        #expect(try exporter.get("/").status == 200)
        #expect(try exporter.get("/-/reload", method: "POST").status == 200)
        #expect(try await exporter.stop() == 0)
        let calls = try await trace.calls()
        let changes = SystemCallTrace.changes(in: calls)
        #expect(changes.contains { $0.contains("\(path("state"))/known-certificates") })
        for change in changes { #expect(change.contains("\"\(path("state"))"), "\(change)") }
        #expect(calls.count { $0.contains("execve(") } == 1)
        #expect(!calls.contains { $0.contains("fork(") })
    }

    @Test(.enabled(if: SystemCallTrace.isPossible, "requires strace and root"))
    func `login writes only the token file`() async throws {
        let server = try CloudServer(SimulatedAccount(AccountOptions()))
        defer { server.stop() }
        let file = try folder.write(
            "config.json5",
            "{ cloud: { api_url: \"http://127.0.0.1:\(try server.start())\", token_file: \"\(path("token/token.json"))\" } }"
        )
        let trace = try SystemCallTrace(in: folder)
        let command = trace.command + [try Programs.url(of: "bambu_exporter").path]
        let (status, output) = try Programs.run(
            URL(filePath: command[0]),
            command.dropFirst() + ["login", "--config.file=\(file)", "--account=maker@example.com"],
            environment: ["HOME": folder.url.path], input: "simulated-password\n")
        #expect(status == 0, "\(output)")
        let changes = SystemCallTrace.changes(in: try await trace.calls())
        #expect(changes.contains { $0.contains(".new\", \"\(path("token/token.json"))\")") })
        for change in changes { #expect(change.contains("\"\(path("token"))"), "\(change)") }
    }

    /// A command prefix that drops root's privileges; "" if the tests do not run as root.
    private static let withoutRoot =
        geteuid() == 0 ? "setpriv --reuid 65532 --regid 65532 --clear-groups " : ""

    @Test func `an unprivileged process gains no rights and protects its memory`() async throws {
        // The copy is readable for the unprivileged user; the build folder may not be.
        let program = path("bambu_exporter")
        try FileManager.default.copyItem(at: Programs.url(of: "bambu_exporter"), to: URL(filePath: program))
        let exporter = try await RunningExporter(
            [],
            environment: [
                "BAMBU_PRINTER_HOST": "127.0.0.1", "BAMBU_PRINTER_SERIAL": "01P00A000000001",
                "BAMBU_PRINTER_ACCESS_CODE": "geheim99",
            ], through: "shift; exec \(Self.withoutRoot)\(program) \"$@\"")
        let process = "/proc/\(exporter.id)"
        let status = try String(contentsOfFile: "\(process)/status", encoding: .utf8)
        #expect(status.contains("NoNewPrivs:\t1\n"))
        #expect(!status.contains("Uid:\t0\t"))
        // The kernel gives the files of a process that is not dumpable to root.
        let owner = try FileManager.default.attributesOfItem(atPath: "\(process)/environ")[.ownerAccountID] as? NSNumber
        #expect(owner?.intValue == 0)
        let metrics = try exporter.metrics()
        for name in ["cpu_seconds_total", "resident_memory_bytes", "start_time_seconds", "max_fds"] {
            #expect(metrics.has("process_\(name)"), "\(name)")
        }
        #expect(metrics.value("process_open_fds") ?? 0 > 3)
        #expect(try await exporter.stop() == 0)
    }

    @Test(.enabled(if: geteuid() == 0, "requires root"))
    func `the access code is removed from the environment and stays in use`() async throws {
        let exporter = try await RunningExporter(
            ["--web.enable-lifecycle"],
            environment: [
                "BAMBU_PRINTER_HOST": "127.0.0.1", "BAMBU_PRINTER_SERIAL": "01P00A000000001",
                "BAMBU_PRINTER_ACCESS_CODE": "geheim99",
            ])
        let environment = try Data(contentsOf: URL(filePath: "/proc/\(exporter.id)/environ"))
        let text = String(decoding: environment, as: UTF8.self)
        #expect(text.contains("BAMBU_PRINTER_SERIAL=01P00A000000001"))
        #expect(text.contains("BAMBU_PRINTER_ACCESS_CODE=\0") && !text.contains("geheim99"))
        #expect(try exporter.get("/-/reload", method: "POST").status == 200)
        for path in ["/metrics", "/", "/sd"] { #expect(try !exporter.get(path).body.contains("geheim99")) }
        #expect(!exporter.log.contains("geheim99"))
        #expect(try await exporter.stop() == 0)
    }
}
