import Foundation
import Simulator
import Testing

@Suite(.timeLimit(.minutes(1))) struct FewDescriptorsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `with too few descriptors scrapes work and report unconnected printers`()
        async throws
    {
        let printers = (0..<25).map { index in
            var printer = PrinterOptions(.p1s, name: "printer-\(index)", hasOwnBroker: false)
            printer.accessCode = "12345678"
            return printer
        }
        let fleet = try SimulatedFleet(printers)
        try await fleet.start()
        defer { fleet.stop() }
        let entries = fleet.printers.map { printer in
            """
            { name: "\(printer.name)", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
              access_code: "12345678", tls: { verify: "ca", ca_file: "\(fleet.caFile)" } }
            """
        }
        let file = try folder.write("config.json5", "{ printers: [ \(entries.joined(separator: ", ")) ] }")
        let exporter = try await RunningExporter(
            ["--config.file=\(file)"], through: #"ulimit -n 64; exec "$@""#)
        try await exporter.eventually("some are up, and the others are not connected") {
            let lines = try exporter.get("/metrics").body.split(separator: "\n")
            let up = lines.count { $0.hasPrefix("bambu_up{") && $0.hasSuffix(" 1") }
            let refused = lines.count {
                $0.hasPrefix("bambu_down_reason_info{") && $0.contains(#"reason="network""#)
            }
            return up >= 5 && up + refused == printers.count
        }
        try await exporter.eventually("a quarter is free, except for the last connection and this scrape") {
            try exporter.metrics().value("process_open_fds").map { $0 <= 64 - 12 } == true
        }
        #expect(exporter.log.contains("the limit of open files is reached. Raise the limit with ulimit -n"))
        #expect(try await exporter.stop() == 0)
    }
}
