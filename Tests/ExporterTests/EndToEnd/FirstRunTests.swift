import Foundation
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers of this suite: making one takes its time.
private let sharedKey = Result { try PrivateKey() }

/// What goes wrong when somebody starts this program for the first time, and what they read then. Each is told in one
/// message that says what is wrong and what to do: the log has it, a terminal shows the log, and so does the page.
@Suite("The first run", .timeLimit(.minutes(3)))
struct FirstRunTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A fleet of one P1S, and what a newcomer writes about it.
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

    /// The same words in the log and on the page, once in the log; `problem` begins them.
    private func isTold(_ problem: String, _ remedy: String, by exporter: RunningExporter) async throws {
        let sentence = problem.prefix(1).uppercased() + problem.dropFirst()
        try await exporter.eventually("the page says: \(problem)") {
            try readable(exporter).contains("\(sentence). \(remedy)")
        }
        let told = exporter.log.split(separator: "\n").filter { $0.contains("\(problem). \(remedy)") }
        // On a slow machine another problem may come first, and then this one is a further reason of the same outage.
        #expect(told.count == 1 && !told[0].contains("level=debug"), "\(exporter.log)")
    }

    /// What a person reads on the page.
    private func readable(_ exporter: RunningExporter) throws -> String {
        try Self.readable(exporter.get("/").body)
    }

    private static func readable(_ page: String) -> String {
        page.replacing(/<[^>]*>/, with: "").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    @Test func `no configuration`() async throws {
        let nowhere = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"), ["--web.listen-address=127.0.0.1:0"])
        #expect(nowhere.status == 1 && nowhere.output.contains("there is no printer to watch. For one printer set"))
        #expect(nowhere.output.contains("bambu_exporter discover"))
    }

    @Test func `a printer without a host, a broker or an account`() async throws {
        let file = try folder.write("config.json5", "{ printers: [ { name: \"garage\", serial: \"A\" } ] }")
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        try await isTold("Nothing brings reports of it", "Give it a host, or let broker or cloud read it", by: exporter)
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_down_reason_info", ["printer": "garage", "reason": "never_reported"]) == 1)
        #expect(metrics.has("bambu_printer_info", ["printer": "garage", "transport": "cloud"]))
        #expect(!metrics.has("bambu_mqtt_connects_total"))
        #expect(try exporter.get("/-/ready").status == 200)
    }

    @Test func `a configuration without a printer`() async throws {
        let file = try folder.write("config.json5", "{ printers: [] }")
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        let text = "No printer is configured. To list those of this network run: bambu_exporter discover."
        #expect(exporter.log.contains("level=warn msg=\"\(text)"))
        #expect(try readable(exporter).contains(text))
        let check = try await Programs.runInBackground(
            Programs.url(of: "bambu_exporter"), ["--config.file=\(file)", "--config.check"])
        #expect(check.status == 0 && check.output.contains("warning: \(text)"))
    }

    @Test func `a wrong code`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        setup.code = setup.code == "12345678" ? "87654321" : "12345678"
        try await isTold(
            "the access code was refused", "Compare the access code with the printer's screen (network settings)",
            by: exporter(setup))
    }

    @Test func `a wrong serial number`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        let right = setup.serial
        setup.serial = right.lowercased()
        try await isTold(
            "its certificate is for \(right), not for \(setup.serial)",
            "If this is the printer, mend its serial in the configuration, capitals as they are.", by: exporter(setup))
    }

    /// A printer that is off has no address that answers; here what is at its address has stopped.
    @Test func `a printer that is off`() async throws {
        let setup = try await setup()
        defer { setup.fleet.stop() }
        await setup.printer.pauseBroker()
        try await isTold(
            "no answer in time (TLS handshake)", "Is the printer on and in this network, and is 127.0.0.1 its address?",
            by: exporter(setup))
    }

    @Test func `the wrong port, where something else answers`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        // The exporter's own listener will do: it speaks, and no TLS.
        let other = try await RunningExporter(["--config.file=\(folder.write("other.json5", "{}"))"])
        setup.port = try #require(other.host.split(separator: ":").last.flatMap { UInt16($0) })
        let exporter = try await exporter(setup)
        try await exporter.eventually("the page says it") {
            try readable(exporter).contains(
                "Is 127.0.0.1 a Bambu Lab printer, and port \(setup.port) its MQTT port (8883 as a rule)?")
        }
        #expect(exporter.log.contains("reason=tls detail=\"the TLS handshake failed:"))
    }

    @Test func `the camera's port in the place of MQTT's`() async throws {
        var setup = try await setup()
        defer { setup.fleet.stop() }
        setup.port = setup.printer.cameraPort
        try await isTold(
            "no answer in time (MQTT handshake)",
            "Something answers there, but not as MQTT brokers do: is \(setup.port) the printer's MQTT port (8883 as a rule)?",
            by: exporter(setup))
    }

    @Test func `LAN mode off, or a wrong port where nobody listens`() async throws {
        let setup = try await setup()
        defer { setup.fleet.stop() }
        await setup.printer.killBroker()
        try await isTold(
            "nothing listens there (Connection refused)",
            "Is 127.0.0.1 the printer's address, and \(setup.port) its MQTT port (8883 as a rule)? If so, some models want LAN mode switched on, on their screen",
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
        try await second.eventually("the page says what to do") {
            try readable(second).contains(
                ". If the printer was repaired or replaced, run: bambu_exporter forget garage. If not, somebody else answers at 127.0.0.1"
            )
        }
        #expect(try readable(second).contains("Its certificate changed from sha256:"))
        #expect(second.log.contains("its certificate changed from sha256:"))
    }

    @Test func `a cloud token without rights`() async throws {
        let account = SimulatedAccount()
        account.set(CloudFault(.forbidden, target: "bind"))
        let bench = try AccountBench(account)
        let text =
            "HTTP 403, code 8: not permitted to this account. This token has no right to the account's printers: run bambu_exporter login, as the owner of the printers"
        try await bench.eventually("the page says it") { Self.readable(bench.page).contains(text) }
        let told = bench.warnings()
        #expect(told.count == 1 && told[0].contains(text), "\(told)")
    }
}
