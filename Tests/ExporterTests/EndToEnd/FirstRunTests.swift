import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers of this suite, since generating one takes a while.
private let sharedKey = Result { try PrivateKey() }

/// Common mistakes of a first start. Each must cause one message with the problem and the remedy, in the log and on the
/// page.
@Suite("First run", .timeLimit(.minutes(3)))
struct FirstRunTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A fleet of one P1S, and the settings that a new user writes for it.
    private struct Setup {
        let fleet: SimulatedFleet
        var serial: String
        var port: UInt16
        var code: String
        var printer: FleetPrinter { fleet.printers[0] }
    }

    private func setup() async throws -> Setup {
        var options = FleetOptions()
        options.interval = .milliseconds(200)
        let fleet = try SimulatedFleet(
            [PrinterOptions(parsing: "P1S@garage")], options: options, key: try sharedKey.get())
        try await fleet.start()
        let printer = fleet.printers[0]
        return Setup(fleet: fleet, serial: printer.serial, port: printer.port, code: printer.accessCode)
    }

    private func exporter(_ setup: Setup) async throws -> RunningExporter {
        let file = try folder.write(
            "config.json5",
            """
            { state_dir: "\(folder.url.path)/state", printers: [ { name: "garage", serial: "\(setup.serial)",
              host: "127.0.0.1", mqtt_port: \(setup.port), access_code: "\(setup.code)", camera: { enabled: false } } ] }
            """)
        return try await RunningExporter(["--config.file=\(file)"])
    }

    /// Checks that the page contains the message and the log contains it once; `problem` starts with a lower-case
    /// letter.
    private func expectMessage(_ problem: String, _ remedy: String, by exporter: RunningExporter) async throws {
        let sentence = problem.prefix(1).uppercased() + problem.dropFirst()
        try await exporter.eventually("the page contains: \(problem)") {
            try readable(exporter).contains("\(sentence). \(remedy)")
        }
        let lines = exporter.log.split(separator: "\n").filter { $0.contains("\(problem). \(remedy)") }
        // On a slow machine another problem may come first; then this one is an additional reason of the same outage.
        #expect(lines.count == 1 && !lines[0].contains("level=debug"), "\(exporter.log)")
    }

    /// The visible text of the page.
    private func readable(_ exporter: RunningExporter) throws -> String {
        try Self.readable(exporter.get("/").body)
    }

    private static func readable(_ page: String) -> String {
        page.replacing(/<[^>]*>/, with: "").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    @Test func `no configuration`() async throws {
        let nowhere = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"), ["--web.listen-address=127.0.0.1:0"])
        #expect(nowhere.status == 1 && nowhere.output.contains("no printer is configured. For one printer, set"))
        #expect(nowhere.output.contains("bambu_exporter discover"))
    }

    @Test func `a printer without a host, a broker or an account`() async throws {
        let file = try folder.write("config.json5", "{ printers: [ { name: \"garage\", serial: \"A\" } ] }")
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        try await expectMessage(
            "No source is configured for this printer", "Set host, or add it to broker or cloud", by: exporter)
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_down_reason_info", ["printer": "garage", "reason": "never_reported"]) == 1)
        #expect(metrics.has("bambu_printer_info", ["printer": "garage", "transport": "cloud"]))
        #expect(!metrics.has("bambu_mqtt_connects_total"))
        #expect(try exporter.get("/-/ready").status == 200)
    }

    @Test func `a configuration without a printer`() async throws {
        let file = try folder.write("config.json5", "{ printers: [] }")
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        let text = "No printer is configured. To list the printers of this network, run: bambu_exporter discover."
        #expect(exporter.log.contains("level=warn msg=\"\(text)"))
        #expect(try readable(exporter).contains(text))
        let check = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"), ["--config.file=\(file)", "--config.check"])
        #expect(check.status == 0 && check.output.contains("warning: \(text)"))
    }

    @Test func `a wrong access code`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        setup.code = setup.code == "12345678" ? "87654321" : "12345678"
        try await expectMessage(
            "the access code was refused", "Compare access_code with the code on the printer's screen",
            by: exporter(setup))
    }

    @Test func `a wrong serial number`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        let right = setup.serial
        setup.serial = right.lowercased()
        try await expectMessage(
            "its certificate is for \(right), not for \(setup.serial)",
            "If this is the right printer, correct serial in the configuration (it is case-sensitive).",
            by: exporter(setup))
    }

    /// The broker is paused, since a real printer that is off does not respond.
    @Test func `a printer that is off`() async throws {
        let setup = try await setup()
        defer { setup.fleet.stop() }
        await setup.printer.pauseBroker()
        try await expectMessage(
            "no answer in time (TLS handshake)",
            "Check that the printer is on, in this network, and that 127.0.0.1 is its address",
            by: exporter(setup))
    }

    @Test func `a wrong port with another server`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        // The exporter's own listener is a server without TLS.
        let other = try await RunningExporter(["--config.file=\(folder.write("other.json5", "{}"))"])
        setup.port = try #require(other.host.split(separator: ":").last.flatMap { UInt16($0) })
        let exporter = try await exporter(setup)
        try await exporter.eventually("the page has the message") {
            try readable(exporter).contains(
                "Check that 127.0.0.1 is a Bambu Lab printer and \(setup.port) its MQTT port (usually 8883)")
        }
        #expect(exporter.log.contains("reason=tls detail=\"the TLS handshake failed:"))
    }

    @Test func `the camera's port instead of the MQTT port`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        setup.port = setup.printer.cameraPort
        try await expectMessage(
            "no answer in time (MQTT handshake)",
            "The server there does not speak MQTT. Check that \(setup.port) is the printer's MQTT port (usually 8883)",
            by: exporter(setup))
    }

    @Test func `LAN mode off, or a wrong port without a server`() async throws {
        let setup = try await setup()
        defer { setup.fleet.stop() }
        await setup.printer.killBroker()
        try await expectMessage(
            "nothing listens there (Connection refused)",
            "Check that 127.0.0.1 is the printer's address and \(setup.port) its MQTT port (usually 8883). Some models also need LAN mode",
            by: exporter(setup))
    }

    @Test func `a changed certificate`() async throws {
        let setup = try await setup()
        defer { setup.fleet.stop() }
        let first = try await exporter(setup)
        try await first.eventually("it is up") { try first.metrics().value("bambu_up") == 1 }
        #expect(try await first.stop() == 0)
        try await setup.printer.changeCertificate()
        let second = try await exporter(setup)
        try await second.eventually("the page has the remedy") {
            try readable(second).contains(
                ". If the printer was repaired or replaced, run: bambu_exporter forget garage. If not, another device answers at 127.0.0.1"
            )
        }
        #expect(try readable(second).contains("Its certificate changed from sha256:"))
        #expect(second.log.contains("its certificate changed from sha256:"))
    }

    @Test func `a cloud token without rights`() async throws {
        let account = SimulatedAccount()
        account.set(CloudFault(.forbidden, target: "bind"))
        let harness = try AccountHarness(account)
        let text =
            "HTTP 403, code 8: not permitted to this account. This token may not read the account's printers. Run: bambu_exporter login, as the owner of the printers"
        try await harness.eventually("the page has the message") { Self.readable(harness.page).contains(text) }
        let warnings = harness.warnings()
        #expect(warnings.count == 1 && warnings[0].contains(text), "\(warnings)")
    }
}
