import Foundation
import Testing

@testable import Simulator

/// Generating a key takes a while, so all printers share one.
private let sharedKey = Result { try PrivateKey() }

/// Printers bridged to a mosquitto with the files of `examples/broker`: two real mosquittos and the real exporter.
@Suite("Bridged printers, end to end", .timeLimit(.minutes(3)))
struct BridgeEndToEndTests {
    private let folder: TemporaryFolder
    private let password = "farm-password"

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fleet() async throws -> SimulatedFleet {
        var options = FleetOptions()
        options.interval = .milliseconds(200)
        let printers = ["P1S:ams@garage", "A1:ams_lite@desk", "X1C:ams,ams@studio", "H2D:ams_2_pro@hall"]
        let fleet = try SimulatedFleet(
            printers.map { try PrinterOptions(parsing: $0) }, options: options, key: try sharedKey.get())
        try await fleet.start()
        return fleet
    }

    /// Reads an example file and replaces its placeholders.
    private func example(_ name: String, _ replacements: [String: String]) throws -> String {
        var text = try String(contentsOf: PackageFolder.url.appending(path: "examples/broker/\(name)"), encoding: .utf8)
        for (old, new) in replacements {
            #expect(text.contains(old), "\(name) has no \(old)")
            text = text.replacing(old, with: new)
        }
        return text
    }

    /// Starts the broker with the configuration of the examples.
    private func broker(for fleet: SimulatedFleet) async throws -> RunningMosquitto {
        let path = folder.url.path
        let bridges = folder.url.appending(path: "bridges")
        try FileManager.default.createDirectory(at: bridges, withIntermediateDirectories: true)
        for printer in fleet.printers {
            let text = try example(
                "bridge.conf",
                [
                    "192.168.1.50:8883": "127.0.0.1:\(printer.port)", "01P00A000000000": printer.serial,
                    "12345678": printer.accessCode, "/etc/mosquitto/certs/bbl-ca.pem": fleet.caFile,
                ])
            try Data(text.utf8).write(to: bridges.appending(path: "\(printer.serial).conf"))
        }
        try await folder.makeCertificate()
        _ = try folder.write(
            "passwords",
            PasswordFile.line(user: "exporter", password: password, salt: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
        _ = try folder.write("acl", example("acl", [:]))
        _ = try folder.write("password", password + "\n")
        let port = try FreePort.find()
        let configuration = try folder.write(
            "mosquitto.conf",
            example(
                "mosquitto.conf",
                [
                    "listener 8883": "listener \(port) 127.0.0.1", "/etc/mosquitto/certs/": "\(path)/",
                    "/etc/mosquitto/passwords": "\(path)/passwords", "/etc/mosquitto/acl": "\(path)/acl",
                    "/etc/mosquitto/bridges": bridges.path,
                ])
                // Root would otherwise become a user that cannot read a temporary folder.
                + "\nuser root\n")
        return try await RunningMosquitto(configuration, port: port, folder: folder)
    }

    private func exporter(_ broker: RunningMosquitto, _ more: String...) async throws -> RunningExporter {
        let path = folder.url.path
        let file = try folder.write(
            "config.json5",
            """
            { broker: { host: "localhost", port: \(broker.port), username: "exporter", password_file: "\(path)/password",
                        tls: { ca_file: "\(path)/server.crt" } } }
            """)
        return try await RunningExporter(["--config.file=\(file)", "--log.level=debug"] + more)
    }

    /// The serial numbers of the printers that are up.
    private func up(_ exporter: RunningExporter) throws -> [String] {
        try exporter.metrics().text.matches(of: /bambu_up\{printer="([^"]*)"\} 1/).map { String($0.1) }
    }

    @Test func `every bridged printer is read and gets requests`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        let broker = try await broker(for: fleet)
        let exporter = try await exporter(broker)
        let serials = fleet.printers.map(\.serial).sorted()
        try await exporter.eventually("all are up") { try up(exporter).sorted() == serials }
        try await exporter.eventually("the data of full reports is exported") {
            let metrics = try exporter.metrics()
            return serials.allSatisfy { metrics.has("bambu_firmware_module_info", ["printer": $0]) }
                && metrics.has("bambu_ams_tray_present", ["printer": fleet.printers[0].serial])
        }
        #expect(try exporter.metrics().has("bambu_printer_info", ["transport": "broker"]))
        // One full report was requested per printer.
        for printer in fleet.printers {
            #expect(printer.requests.filter { $0.command == "pushing.pushall" }.count == 1)
        }
        broker.stop()
        try await exporter.eventually("none is up without the broker") { try up(exporter).isEmpty }
    }

    @Test func `two shards read every printer exactly once`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        let broker = try await broker(for: fleet)
        // A pod name is a valid index.
        let first = try await exporter(broker, "--shard.index=bambu-0", "--shard.count=2")
        let second = try await exporter(broker, "--shard.index=bambu-1", "--shard.count=2")
        let serials = fleet.printers.map(\.serial).sorted()
        try await first.eventually("together they read all") {
            try (up(first) + up(second)).sorted() == serials
        }
        let (mine, yours) = (try up(first), try up(second))
        #expect(!mine.isEmpty && !yours.isEmpty)
        for printer in fleet.printers {
            #expect(printer.requests.filter { $0.command == "pushing.pushall" }.count == 1)
        }
        // Neither exports printers of the other.
        for serial in mine { #expect(!(try second.metrics().text.contains(serial))) }
        for serial in yours { #expect(!(try first.metrics().text.contains(serial))) }
    }
}
