import Foundation
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers of this suite, since generating one takes a while.
private let sharedKey = Result { try PrivateKey() }

/// The real exporter with misbehaving brokers.
@Suite("Faulty brokers, end to end", .timeLimit(.minutes(3)))
struct FaultyBrokerTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fleet(_ names: [String], interval: Duration = .milliseconds(200)) async throws -> SimulatedFleet {
        var options = FleetOptions()
        options.interval = interval
        options.speed = 60
        let printers = try names.map { try PrinterOptions(parsing: "P1S:ams@\($0)") }
        let fleet = try SimulatedFleet(printers, options: options, key: try sharedKey.get())
        try await fleet.start()
        return fleet
    }

    private func exporter(
        _ fleet: SimulatedFleet, telemetry: String = "stale_after: \"30s\"", code: String? = nil, more: String = ""
    ) async throws -> RunningExporter {
        let entries = fleet.printers.map { printer in
            """
            { name: "\(printer.name)", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
              \(code ?? "access_code: \"\(printer.accessCode)\""), camera: { enabled: false } }
            """
        }
        let file = try folder.write(
            "config.json5",
            """
            { printers: [ \(entries.joined(separator: ", ")) ], telemetry: { \(telemetry) },
              state_dir: "\(folder.url.path)/state", \(more) }
            """)
        return try await RunningExporter(["--config.file=\(file)"])
    }

    private func isUp(_ name: String, _ exporter: RunningExporter) throws -> Bool {
        try exporter.metrics().value("bambu_up", ["printer": name]) == 1
    }

    private func warnings(of exporter: RunningExporter) -> [Substring] {
        exporter.log.split(separator: "\n").filter { $0.contains("level=warn") }
    }

    @Test func `a refused subscription takes only that printer down`() async throws {
        let fleet = try await fleet(["attic", "cellar"])
        defer { fleet.stop() }
        await fleet.printers[0].set(.denySubscription, true)
        let exporter = try await exporter(fleet)
        try await exporter.eventually("the printer is down for auth") {
            let metrics = try exporter.metrics()
            return metrics.has("bambu_down_reason_info", ["printer": "attic", "reason": "auth"])
                && metrics.value("bambu_up", ["printer": "cellar"]) == 1
        }
        let line = try #require(warnings(of: exporter).first { $0.contains("printer=attic") })
        #expect(line.contains("device/\(fleet.printers[0].serial)/report"), "\(line)")
        let messages = try exporter.metrics().value("bambu_mqtt_messages_total", ["printer": "cellar"]) ?? 0
        try await exporter.eventually("the other printer is still read") {
            try exporter.metrics().value("bambu_mqtt_messages_total", ["printer": "cellar"]) ?? 0 > messages + 5
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a shared broker that refuses one topic keeps the session`() async throws {
        let fleet = try await fleet(["attic"])
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        await printer.set(.denySubscription, true)
        let file = try folder.write(
            "config.json5",
            """
            { broker: { host: "127.0.0.1", port: \(printer.port), tls: { verify: "none" }, printers: ["\(printer.serial)"] },
              telemetry: { stale_after: "2s" } }
            """)
        let exporter = try await RunningExporter(["--config.file=\(file)"])
        try await exporter.eventually("the printer is down for auth") {
            try exporter.metrics().has("bambu_down_reason_info", ["printer": printer.serial, "reason": "auth"])
        }
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_mqtt_connected", ["printer": printer.serial]) == 1)
        #expect(metrics.value("bambu_shared_mqtt_connects_total", ["source": "broker"]) == 1)
        let line = try #require(
            exporter.log.split(separator: "\n").first {
                $0.contains("printer=\(printer.serial)") && $0.contains("auth")
            })
        #expect(line.contains("device/\(printer.serial)/report"), "\(line)")
        #expect(try await exporter.stop() == 0)
    }

    @Test func `reports at the deadline of silence do not stop the exporter`() async throws {
        let names = (1...12).map { "printer-\($0)" }
        let fleet = try await fleet(names)
        defer { fleet.stop() }
        let exporter = try await exporter(fleet, telemetry: "stale_after: \"2s\"")
        try await exporter.eventually("all report") { try names.allSatisfy { try isUp($0, exporter) } }
        // These printers respond to no request and report within milliseconds of their deadline.
        for printer in fleet.printers { await printer.setSilent(true) }
        let report = Array(#"{"print":{"command":"push_status","msg":1,"wifi_signal":"-40dBm"}}"#.utf8)
        let start = ContinuousClock.now
        for round in 0..<6 {
            for (index, printer) in fleet.printers.enumerated() {
                let interval = Duration.microseconds(1_996_000 + 500 * index)
                try await Task.sleep(until: start + interval * round, tolerance: .zero)
                await printer.publish(report)
            }
        }
        for printer in fleet.printers { await printer.setSilent(false) }
        try await exporter.eventually("all report again") { try names.allSatisfy { try isUp($0, exporter) } }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `sessions that end at once are one warning with a remedy`() async throws {
        let fleet = try await fleet(["attic"])
        defer { fleet.stop() }
        let exporter = try await exporter(fleet)
        try await exporter.eventually("the printer reports") { try isUp("attic", exporter) }
        await fleet.printers[0].set(.kick, true)
        try await exporter.eventually("four sessions ended") {
            try exporter.metrics().value("bambu_mqtt_connects_total", ["printer": "attic"]) ?? 0 >= 4
        }
        let lines = exporter.log.split(separator: "\n").filter { $0.contains("Printer is down") }
        #expect(lines.count { $0.contains("level=warn") } == 1 && lines.count <= 2, "\(lines)")
        #expect(exporter.log.contains("a few sessions"), "\(lines)")
        await fleet.printers[0].set(.kick, false)
        try await exporter.eventually("the printer reports again") { try isUp("attic", exporter) }
        #expect(exporter.log.contains(/Reports arrive" printer=attic outage=\d+s/))
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a printer that does not answer TLS 1.3 is read`() async throws {
        let fleet = try await fleet(["attic"])
        defer { fleet.stop() }
        await fleet.printers[0].set(.mutesTLS13, true)
        let exporter = try await exporter(fleet)
        try await exporter.eventually("the printer reports") { try isUp("attic", exporter) }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `the access code file is read before the attempt after a refusal`() async throws {
        let fleet = try await fleet(["attic"])
        defer { fleet.stop() }
        let code = try folder.write("code", "00000000")
        let exporter = try await exporter(fleet, code: "access_code_file: \"\(code)\"")
        try await exporter.eventually("the code is refused") {
            try exporter.metrics().has("bambu_down_reason_info", ["reason": "auth"])
        }
        _ = try folder.write("code", fleet.printers[0].accessCode)
        try await exporter.eventually("the new code works", within: .seconds(90)) { try isUp("attic", exporter) }
        #expect(try exporter.metrics().value("bambu_mqtt_connect_failures_total", ["reason": "auth"]) == 1)
        #expect(try await exporter.stop() == 0)
    }
}
