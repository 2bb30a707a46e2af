import Foundation
import Platform
import Testing

@testable import Exporter
@testable import Simulator

/// A printer whose names attack every reader of them.
@Suite("Hostile printers, end to end", .timeLimit(.minutes(3)))
struct HostilePrinterTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Tries to end a label, a line, an exposition, an HTML element, a log line and a terminal line.
    private static let name =
        "x\"} 1\nbambu_up{printer=\"garage\"} 0\n# EOF\r\n\\\" level=info msg=\"Reports arrive\"\n"
        + "</title></td><script>alert(1)</script><img src=x onerror=alert(1)>&lt;' \u{1B}[2J\u{202E}\u{2028}\0end"

    private func report() throws -> [UInt8] {
        let name = String(decoding: try JSONEncoder().encode(Self.name), as: UTF8.self)
        return Array(
            """
            {"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING","subtask_name":\(name),"gcode_file":\(name),
            "print_type":\(name),"nozzle_type":\(name),"nozzle_diameter":\(name),"wifi_signal":\(name),
            "ams":{"ams":[{"id":"0","info":"1001","humidity":"4","tray":[{"id":"0","state":11,"tray_type":\(name),
            "tray_sub_brands":\(name),"tray_info_idx":\(name),"tray_color":\(name),"tag_uid":\(name),"remain":50}]}]}}}
            """.utf8)
    }

    private func versions() throws -> [UInt8] {
        let name = String(decoding: try JSONEncoder().encode(Self.name), as: UTF8.self)
        return Array(
            """
            {"info":{"command":"get_version","module":[
            {"name":"ota","sw_ver":\(name),"product_name":\(name)},{"name":\(name),"sw_ver":\(name),"hw_ver":\(name)}]}}
            """.utf8)
    }

    @Test func `names cannot break out of labels, HTML elements and lines`() async throws {
        let options = try PrinterOptions(parsing: "P1S:ams@garage")
        let fleet = try SimulatedFleet([options], options: FleetOptions(), key: PrivateKey())
        try await fleet.start()
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let file = try folder.write(
            "config.json5",
            """
            { printers: [ { name: "garage", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
                access_code: "\(printer.accessCode)", camera: { enabled: false } } ], state_dir: "\(folder.url.path)" }
            """)
        let exporter = try await RunningExporter(["--config.file=\(file)", "--log.level=debug"])
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        await printer.setSilent(true)
        await printer.publish(try report())
        await printer.publish(try versions())
        try await exporter.eventually("the names are exported") {
            let metrics = try exporter.metrics()
            return ["bambu_print_job_info{", "bambu_firmware_module_info{", "bambu_ams_tray_info{"].allSatisfy {
                family in
                metrics.text.split(separator: "\n").contains { $0.hasPrefix(family) && $0.contains("alert(1)") }
            }
        }
        try expectValid(exporter)
        let page = try exporter.get("/").body
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        for word in ["<script", "<img", "onerror=alert(1)>"] { #expect(!page.contains(word), "\(word)") }
        #expect(!page.unicodeScalars.contains { $0.isDisplayControl && $0 != "\n" })
        expectValid(log: exporter.log)
        #expect(try await exporter.stop() == 0)
    }

    /// Checks both formats with the strict tools of Prometheus.
    private func expectValid(_ exporter: RunningExporter) throws {
        let python = PackageFolder.url.appending(path: ".build/tools/bin/python3")
        try #require(FileManager.default.isExecutableFile(atPath: python.path), "run `make tools`")
        let type = "application/openmetrics-text;version=1.0.0"
        let strict = try exporter.get("/metrics", ["Accept": type]).body
        let checker = PackageFolder.url.appending(path: "Tests/tools/check_openmetrics.py").path
        let verdict = try Programs.run(python, [checker], input: strict)
        #expect(verdict.status == 0 && verdict.output.isEmpty, "\(verdict.output)")
        let text = try exporter.get("/metrics").body
        let lint = try Programs.run(URL(filePath: "/usr/bin/promtool"), ["check", "metrics"], input: text)
        #expect(lint.status == 0 && lint.output.isEmpty, "\(lint.output)")
        for body in [strict, text] {
            let lines = body.split(separator: "\n")
            #expect(lines.filter { $0.hasPrefix("bambu_up") } == [#"bambu_up{printer="garage"} 1"#])
            #expect(!body.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        }
    }

    private func expectValid(log: String) {
        for line in log.split(separator: "\n") { #expect(line.hasPrefix("time=20"), "\(line)") }
        #expect(!log.unicodeScalars.contains { $0.isDisplayControl && $0 != "\n" })
    }

    @Test(arguments: ["logfmt", "json"])
    func `a name in a certificate stays within one field of a log line`(format: String) async throws {
        var options = PrinterOptions(.p1s, name: "garage")
        options.leaf = SimulatedAuthority.Leaf(commonName: "x\"\nlevel=info msg=\"Connected\"\u{1B}[2J\u{202E}y")
        let fleet = try SimulatedFleet([options], options: FleetOptions(), key: PrivateKey())
        try await fleet.start()
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let file = try folder.write(
            "config.json5",
            """
            { printers: [ { serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
                access_code: "\(printer.accessCode)" } ], state_dir: "\(folder.url.path)" }
            """)
        let exporter = try await RunningExporter(["--config.file=\(file)", "--log.format=\(format)"])
        try await exporter.eventually("it is refused") {
            try exporter.metrics().value("bambu_mqtt_connect_failures_total", ["reason": "certificate"]) ?? 0 > 0
        }
        let line = try #require(exporter.log.split(separator: "\n").first { $0.contains("its certificate is for") })
        #expect(line.contains(#"\u001b[2J\u202ey"#))
        if format == "json" {
            for line in exporter.log.split(separator: "\n") {
                #expect(throws: Never.self, "\(line)") {
                    try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
                }
            }
        } else {
            expectValid(log: exporter.log)
        }
        let page = try exporter.get("/").body
        #expect(page.contains("its certificate is for x") || page.contains("Its certificate is for x"))
        #expect(!page.unicodeScalars.contains { $0.isDisplayControl && $0 != "\n" })
        #expect(try await exporter.stop() == 0)
    }
}
