import Foundation
import Testing

@testable import Simulator

/// Making a key takes a while, and all printers may have the same.
private let sharedKey = Result { try PrivateKey() }

/// Printers bridged into a mosquitto of one's own, with the files of `examples/broker`: two real mosquittos and the real
/// program.
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

    /// A file of the examples, with what stands in it for a place or a secret replaced.
    private func example(_ name: String, _ replacements: [String: String]) throws -> String {
        var text = try String(contentsOf: PackageFolder.url.appending(path: "examples/broker/\(name)"), encoding: .utf8)
        for (old, new) in replacements {
            #expect(text.contains(old), "\(name) has no \(old)")
            text = text.replacing(old, with: new)
        }
        return text
    }

    /// The farm's broker, as the examples have it.
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
                // As root it would become a user who cannot read a temporary folder.
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

    @Test func `every bridged printer is read, and asked through the bridge`() async throws {
        let fleet = try await fleet()
        defer { fleet.stop() }
        let broker = try await broker(for: fleet)
        let exporter = try await exporter(broker)
        let serials = fleet.printers.map(\.serial).sorted()
        try await exporter.eventually("all are up") { try up(exporter).sorted() == serials }
        try await exporter.eventually("what only answers and full reports tell is there") {
            let metrics = try exporter.metrics()
            return serials.allSatisfy { metrics.has("bambu_firmware_module_info", ["printer": $0]) }
                && metrics.has("bambu_ams_tray_present", ["printer": fleet.printers[0].serial])
        }
        #expect(try exporter.metrics().has("bambu_printer_info", ["transport": "broker"]))
        // Each asked for itself, once.
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
        // A pod's name will do for an index.
        let first = try await exporter(broker, "--shard.index=bambu-0", "--shard.count=2")
        let second = try await exporter(broker, "--shard.index=bambu-1", "--shard.count=2")
        let serials = fleet.printers.map(\.serial).sorted()
        try await first.eventually("between them they have all") {
            try (up(first) + up(second)).sorted() == serials
        }
        let (mine, yours) = (try up(first), try up(second))
        #expect(!mine.isEmpty && !yours.isEmpty)
        for printer in fleet.printers {
            #expect(printer.requests.filter { $0.command == "pushing.pushall" }.count == 1)
        }
        // Neither speaks of the other's, not even to say that they are down.
        for serial in mine { #expect(!(try second.metrics().text.contains(serial))) }
        for serial in yours { #expect(!(try first.metrics().text.contains(serial))) }
    }
}
