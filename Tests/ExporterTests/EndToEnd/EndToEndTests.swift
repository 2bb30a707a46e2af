import Foundation
import Platform
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers of this suite, since generating one takes a while.
private let sharedKey = Result { try PrivateKey() }

/// The real exporter with real brokers over TLS and simulated printers.
@Suite("End to end", .timeLimit(.minutes(3)))
struct EndToEndTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fleet(_ printers: PrinterOptions...) async throws -> SimulatedFleet {
        var options = FleetOptions()
        options.interval = .milliseconds(200)
        options.speed = 60
        let fleet = try SimulatedFleet(printers, options: options, key: try sharedKey.get())
        try await fleet.start()
        return fleet
    }

    private func entry(_ printer: FleetPrinter, _ fleet: SimulatedFleet, tls: String? = nil, code: String? = nil)
        -> String
    {
        """
        { name: "\(printer.name)", serial: "\(printer.serial)", host: "127.0.0.1", mqtt_port: \(printer.port),
          \(code ?? "access_code: \"\(printer.accessCode)\""), tls: { \(tls ?? "verify: \"ca\", ca_file: \"\(fleet.caFile)\"") } }
        """
    }

    private func configuration(_ entries: String..., telemetry: String = "stale_after: \"30s\"", more: String = "")
        throws -> String
    {
        try folder.write(
            "config.json5",
            "{ printers: [ \(entries.joined(separator: ", ")) ], telemetry: { \(telemetry) }, state_dir: \"\(folder.url.path)/state\", \(more) }"
        )
    }

    private func exporter(_ file: String, _ more: String...) async throws -> RunningExporter {
        try await RunningExporter(["--config.file=\(file)", "--log.level=debug"] + more)
    }

    private func named(_ name: String, _ text: String) throws -> PrinterOptions {
        try PrinterOptions(parsing: "\(text)@\(name)")
    }

    @Test func `three models are exported, and only the documented requests are sent`() async throws {
        let fleet = try await fleet(
            named("studio", "X1C:ams,ams"), named("garage", "P1S:ams"), named("desk", "A1 mini:ams_lite"))
        defer { fleet.stop() }
        let exporter = try await exporter(
            configuration(
                entry(fleet.printers[0], fleet), entry(fleet.printers[1], fleet), entry(fleet.printers[2], fleet)))
        try await exporter.eventually("all metrics are exported") {
            let metrics = try exporter.metrics()
            return ["studio", "garage", "desk"].allSatisfy { metrics.value("bambu_up", ["printer": $0]) == 1 }
                && metrics.has("bambu_ams_tray_remaining_percent", ["printer": "studio", "ams": "1"])
                && metrics.has("bambu_ams_humidity_index", ["printer": "garage"])
                && metrics.has("bambu_ams_tray_present", ["printer": "desk"])
                && metrics.has("bambu_printer_info", ["printer": "studio", "model": "X1C"])
        }
        let metrics = try exporter.metrics()
        #expect(!metrics.has("bambu_ams_humidity_index", ["printer": "desk"]))
        #expect(!metrics.has("bambu_ams_tray_remaining_percent", ["printer": "desk"]))
        #expect(metrics.has("bambu_printer_certificate_expiry_timestamp_seconds", ["printer": "desk"]))
        #expect(try exporter.get("/-/ready").status == 200)
        for printer in fleet.printers {
            let requests = printer.requests
            #expect(
                requests.map(\.command).allSatisfy {
                    ["info.get_version", "pushing.pushall", "pushing.start"].contains($0)
                })
            #expect(requests.count { $0.command == "pushing.pushall" } == 1)
            #expect(requests.allSatisfy { $0.qualityOfService == 1 })
            #expect(printer.subscriptions.map(\.topic) == ["device/\(printer.serial)/report"])
            #expect(!exporter.log.contains(printer.accessCode) && !metrics.text.contains(printer.accessCode))
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `three environment variables replace a file`() async throws {
        let fleet = try await fleet(PrinterOptions(.p1s))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        // The environment has no variable for the port, so a file with the same serial number provides it.
        let file = try folder.write(
            "port.json5",
            "{ defaults: { mqtt_port: \(printer.port) }, printers: [ { serial: \"\(printer.serial)\" } ] }")
        let exporter = try await RunningExporter(
            ["--config.file", file],
            environment: [
                "BAMBU_PRINTER_HOST": "127.0.0.1", "BAMBU_PRINTER_SERIAL": printer.serial,
                "BAMBU_PRINTER_ACCESS_CODE": printer.accessCode, "BAMBU_STATE_DIR": folder.url.path,
            ])
        try await exporter.eventually("it is up") {
            try exporter.metrics().value("bambu_up", ["printer": printer.serial]) == 1
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a silent printer is nudged, goes down and comes back`() async throws {
        let fleet = try await fleet(named("garage", "P1S:ams"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet), telemetry: "stale_after: \"3s\""))
        try await exporter.eventually("it is up") { try exporter.metrics().has("bambu_nozzle_temperature_celsius") }
        await printer.setSilent(true)
        try await exporter.eventually("it is nudged") { printer.requests.contains { $0.command == "pushing.start" } }
        try await exporter.eventually("it is down") {
            let metrics = try exporter.metrics()
            return metrics.value("bambu_up") == 0 && metrics.value("bambu_down_reason_info", ["reason": "silent"]) == 1
        }
        let metrics = try exporter.metrics()
        #expect(!metrics.has("bambu_nozzle_temperature_celsius") && !metrics.has("bambu_ams_tray_present"))
        #expect(metrics.has("bambu_last_report_timestamp_seconds") && metrics.has("bambu_printer_info"))
        await printer.setSilent(false)
        try await exporter.eventually("it is up again") {
            try exporter.metrics().has("bambu_nozzle_temperature_celsius")
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a broker that restarts is reconnected and subscribed again`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet)))
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        await printer.killBroker()
        try await exporter.eventually("it is down") { try exporter.metrics().value("bambu_up") == 0 }
        #expect(try exporter.metrics().value("bambu_mqtt_connected") == 0)
        try await printer.restartBroker()
        try await exporter.eventually("it is up again") { try exporter.metrics().value("bambu_up") == 1 }
        #expect(try exporter.metrics().value("bambu_mqtt_connects_total") == 2)
        #expect(printer.subscriptions.count == 2)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a refused code is logged once with a remedy and read again`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let file = try folder.write("code", "00000000\n")
        let exporter = try await exporter(
            configuration(entry(printer, fleet, code: "access_code_file: \"\(file)\"")), "--web.enable-lifecycle")
        try await exporter.eventually("it is refused") {
            try exporter.metrics().value("bambu_mqtt_connect_failures_total", ["reason": "auth"]) == 1
        }
        #expect(try exporter.metrics().value("bambu_down_reason_info", ["reason": "auth"]) == 1)
        #expect(exporter.log.contains("Compare access_code with the code on the printer's screen"))
        _ = try folder.write("code", printer.accessCode + "\n")
        #expect(try exporter.get("/-/reload", method: "POST").status == 200)
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        #expect(try await exporter.stop() == 0)
    }

    @Test(arguments: ["tofu", "ca"])
    func `a certificate with another name is refused before the code is sent`(mode: String) async throws {
        var options = PrinterOptions(.p1s)
        options.name = "garage"
        options.leaf = SimulatedAuthority.Leaf(commonName: "01P00A999999999")
        let fleet = try await fleet(options)
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(
            configuration(entry(printer, fleet, tls: "verify: \"\(mode)\", ca_file: \"\(fleet.caFile)\"")))
        try await exporter.eventually("it is refused") {
            try exporter.metrics().value("bambu_mqtt_connect_failures_total", ["reason": "certificate"]) ?? 0 > 0
        }
        #expect(exporter.log.contains("its certificate is for 01P00A999999999, not for \(printer.serial)"))
        #expect(printer.subscriptions.isEmpty && printer.requests.isEmpty)
        #expect(try exporter.metrics().value("bambu_up") == 0)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a certificate of another authority is refused with verify ca`() async throws {
        var options = PrinterOptions(.p1s)
        options.hasForeignAuthority = true
        let fleet = try await fleet(options)
        defer { fleet.stop() }
        let exporter = try await exporter(configuration(entry(fleet.printers[0], fleet)))
        try await exporter.eventually("it is refused") {
            try exporter.metrics().value("bambu_mqtt_connect_failures_total", ["reason": "certificate"]) ?? 0 > 0
        }
        #expect(exporter.log.contains("does not lead to a trusted authority"))
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a changed certificate is refused until it is forgotten`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let file = try configuration(entry(printer, fleet, tls: "verify: \"tofu\""))
        let first = try await exporter(file)
        try await first.eventually("it is up") { try first.metrics().value("bambu_up") == 1 }
        #expect(try await first.stop() == 0)
        try await printer.changeCertificate()
        let second = try await exporter(file)
        try await second.eventually("it is refused") {
            try second.metrics().value("bambu_down_reason_info", ["reason": "certificate"]) == 1
        }
        #expect(second.log.contains("its certificate changed from sha256:"))
        #expect(second.log.contains("bambu_exporter forget garage"))
        let forgetting = try Programs.run(
            Programs.url(of: "bambu_exporter"), ["--config.file=\(file)", "forget", "garage"])
        #expect(forgetting.status == 0 && forgetting.output.hasPrefix("Forgot the certificate of garage."))
        try await second.eventually("it is up again") { try second.metrics().value("bambu_up") == 1 }
        #expect(try await second.stop() == 0)
    }

    @Test func `a pinned certificate is accepted with any name, others are refused`() async throws {
        var options = PrinterOptions(.p1s)
        options.leaf = SimulatedAuthority.Leaf(commonName: "something else")
        let fleet = try await fleet(options)
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let wrong = String(repeating: "0", count: 64)
        let file = try configuration(entry(printer, fleet, tls: "verify: \"pin\", fingerprint: \"sha256:\(wrong)\""))
        let exporter = try await exporter(file, "--web.enable-lifecycle")
        try await exporter.eventually("it is refused") {
            try exporter.metrics().value("bambu_down_reason_info", ["reason": "certificate"]) == 1
        }
        // The log contains the fingerprint of the peer, which can be used as a pin.
        let found = try #require(exporter.log.split(separator: "its certificate is ").last?.prefix(71))
        #expect(found.hasPrefix("sha256:"))
        _ = try configuration(entry(printer, fleet, tls: "verify: \"pin\", fingerprint: \"\(found)\""))
        #expect(try exporter.get("/-/reload", method: "POST").status == 200)
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a configuration is checked without being used`() throws {
        let program = try Programs.url(of: "bambu_exporter")
        let good = try folder.write(
            "good.json5", "{ printers: [ { serial: \"A\", host: \"h\", access_code: \"1\" } ] }")
        let verdict = try Programs.run(program, ["--config.check", "--config.file", good])
        #expect(verdict.status == 0 && verdict.output.hasSuffix("The configuration is valid: 1 printer.\n"))
        let bad = try folder.write("bad.json5", "{ printers: [ { serial: \"A\", hots: \"h\" } ] }")
        let invalid = try Programs.run(program, ["--config.check", "--config.file", bad])
        #expect(invalid.status == 1)
        #expect(invalid.output.contains("bad.json5:1: printers[0].hots: unknown key; did you mean \"host\"?"))
        #expect(try Programs.run(program, ["--nonsense"]).status == 2)
        #expect(try Programs.run(program, ["--version"]).status == 0)
        #expect(try Programs.run(program, ["--web.listen-address=nowhere", "--config.file", good]).status == 2)
    }

    @Test func `a partial report changes its fields and keeps the rest`() async throws {
        let fleet = try await fleet(named("garage", "P1S:ams"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet)))
        try await exporter.eventually("it is up") { try exporter.metrics().has("bambu_ams_tray_present") }
        await printer.setSilent(true)
        let before = try exporter.metrics()
        await printer.publish(Array(#"{"print":{"bed_temper":99.5,"msg":1,"ams":{"tray_now":"255"}}}"#.utf8))
        try await exporter.eventually("the bed is hot") {
            try exporter.metrics().value("bambu_bed_temperature_celsius") == 99.5
        }
        let after = try exporter.metrics()
        for name in ["bambu_ams_tray_present", "bambu_ams_humidity_raw_percent", "bambu_wifi_signal_dbm"] {
            #expect(after.value(name) == before.value(name) && after.has(name))
        }
        #expect(after.value("bambu_up") == 1)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `malformed messages are counted and have no other effect`() async throws {
        let fleet = try await fleet(named("garage", "P1S:ams"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet)))
        try await exporter.eventually("it is up") { try exporter.metrics().has("bambu_ams_tray_present") }
        await printer.publish(Array("no JSON".utf8))
        await printer.publish([0xFF, 0xFE, 0x00])
        await printer.publish([UInt8](repeating: UInt8(ascii: "["), count: 100_000))
        await printer.publish(Array("[1,2]".utf8))
        await printer.publish(Array(#"{"print":[1]}"#.utf8))
        await printer.publish([UInt8](repeating: 0x20, count: (1 << 20) + 1))
        await printer.publish(Array(#"{"print":{"nozzle_temper":{"a":1},"bed_temper":1e300,"spd_mag":"124"}}"#.utf8))
        try await exporter.eventually("all of it is counted") {
            let metrics = try exporter.metrics()
            func rejected(_ reason: String) -> Double? {
                metrics.value("bambu_mqtt_messages_rejected_total", ["reason": reason])
            }
            return rejected("json") == 3 && rejected("shape") == 2 && rejected("oversize") == 1
                && metrics.value("bambu_report_fields_rejected_total") == 2
        }
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_up") == 1 && metrics.has("bambu_ams_tray_present"))
        #expect(metrics.value("bambu_mqtt_connects_total") == 1)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a huge packet closes the connection without using memory`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet)))
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        let before = try exporter.metrics().value("process_resident_memory_bytes") ?? 0
        await printer.publish([UInt8](repeating: 0x20, count: 40 << 20))
        try await exporter.eventually("it is counted, and the printer is back") {
            let metrics = try exporter.metrics()
            return metrics.value("bambu_mqtt_messages_rejected_total", ["reason": "oversize"]) == 1
                && metrics.value("bambu_up") == 1 && metrics.value("bambu_mqtt_connects_total") == 2
        }
        let after = try exporter.metrics().value("process_resident_memory_bytes") ?? .infinity
        // The address sanitizer does not return freed memory.
        if Programs.inherited["ASAN_OPTIONS"] == nil { #expect(after - before < 10e6) }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `unreachable printers do not delay a reachable one`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        // A listener that never accepts: TCP connects, but no data arrives.
        let hole = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(hole) }
        let everywhere = try SocketAddress(numeric: "0.0.0.0", port: 0)
        _ = everywhere.withPointer { bind(hole, $0, $1) }
        listen(hole, 1)
        let port = SocketAddress(boundTo: hole)?.port ?? 0
        let holes = (0..<80).map { index in
            "{ name: \"hole-\(index)\", serial: \"01P00A0000001\(10 + index)\", host: \"127.0.1.\(1 + index)\", mqtt_port: \(port), access_code: \"1\" }"
        }
        let exporter = try await exporter(
            configuration(
                holes.joined(separator: ","),
                "{ name: \"closed\", serial: \"01P00A000000008\", host: \"127.0.0.1\", mqtt_port: 1, access_code: \"1\" }",
                "{ name: \"nameless\", serial: \"01P00A000000007\", host: \"printer.invalid\", access_code: \"1\" }",
                entry(fleet.printers[0], fleet)))
        try await exporter.eventually("the healthy one is up", within: .seconds(10)) {
            try exporter.metrics().value("bambu_up", ["printer": "garage"]) == 1
        }
        try await exporter.eventually("the others have their reasons") {
            let metrics = try exporter.metrics()
            return metrics.value("bambu_down_reason_info", ["printer": "hole-79", "reason": "timeout"]) == 1
                && metrics.value("bambu_down_reason_info", ["printer": "closed", "reason": "refused"]) == 1
                && metrics.value("bambu_down_reason_info", ["printer": "nameless", "reason": "dns"]) == 1
        }
        try await exporter.eventually("all have been tried") { try exporter.get("/-/ready").status == 200 }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a wrong serial number connects and is reported`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(
            configuration(
                "{ name: \"x\", serial: \"01P00A00000000X\", host: \"127.0.0.1\", mqtt_port: \(printer.port), access_code: \"\(printer.accessCode)\", tls: { verify: \"none\" } }",
                telemetry: "stale_after: \"2s\""))
        try await exporter.eventually("it is reported") {
            try exporter.metrics().value("bambu_down_reason_info", ["reason": "never_reported"]) == 1
        }
        #expect(exporter.log.contains("Check the serial number 01P00A00000000X"))
        #expect(exporter.log.contains("level=warn msg=\"printer x: tls.verify is \\\"none\\\""))
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a reload keeps unchanged printers, and a bad file changes nothing`() async throws {
        let fleet = try await fleet(named("garage", "P1S"), named("desk", "A1"))
        defer { fleet.stop() }
        let both = try configuration(entry(fleet.printers[0], fleet), entry(fleet.printers[1], fleet))
        let exporter = try await exporter(both)
        try await exporter.eventually("both are up") {
            let metrics = try exporter.metrics()
            return metrics.value("bambu_up", ["printer": "garage"]) == 1
                && metrics.value("bambu_up", ["printer": "desk"]) == 1
        }
        _ = try configuration(entry(fleet.printers[0], fleet))
        exporter.signal(SIGHUP)
        try await exporter.eventually("one is gone") { try !exporter.metrics().has("bambu_up", ["printer": "desk"]) }
        #expect(try exporter.metrics().value("bambu_mqtt_connects_total", ["printer": "garage"]) == 1)
        _ = try folder.write("config.json5", "{ printers: [ {")
        exporter.signal(SIGHUP)
        try await exporter.eventually("the bad file is reported") {
            try exporter.metrics().value("bambu_exporter_config_last_reload_successful") == 0
        }
        #expect(try exporter.metrics().value("bambu_up", ["printer": "garage"]) == 1)
        #expect(exporter.log.contains("config.json5:1: expected a key"))
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a printer with changed settings keeps counters and the rate limit`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(entry(printer, fleet)))
        try await exporter.eventually("it is up") { try exporter.metrics().value("bambu_up") == 1 }
        let before = try #require(try exporter.metrics().value("bambu_mqtt_messages_total"))
        for (connects, stale) in [(2.0, "40s"), (3, "50s")] {
            _ = try configuration(entry(printer, fleet), telemetry: "stale_after: \"\(stale)\"")
            exporter.signal(SIGHUP)
            try await exporter.eventually("it reconnects") {
                let metrics = try exporter.metrics()
                return metrics.value("bambu_mqtt_connects_total") == connects && metrics.value("bambu_up") == 1
            }
        }
        #expect(try exporter.metrics().value("bambu_mqtt_messages_total") ?? 0 > before)
        #expect(printer.requests.filter { $0.command == "pushing.pushall" }.count == 1)
        #expect(try await exporter.stop() == 0)
    }

    @Test func `a real Prometheus scrapes it, directly and by service discovery`() async throws {
        let fleet = try await fleet(named("studio", "X1C:ams"), named("garage", "P1S"))
        defer { fleet.stop() }
        let exporter = try await exporter(
            configuration(entry(fleet.printers[0], fleet), entry(fleet.printers[1], fleet)))
        try await exporter.eventually("both are up") {
            let metrics = try exporter.metrics()
            return ["studio", "garage"].allSatisfy { metrics.value("bambu_up", ["printer": $0]) == 1 }
        }
        let prometheus = try await RunningPrometheus(
            """
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: direct
                static_configs: [ { targets: ["\(exporter.host)"] } ]
              - job_name: discovered
                http_sd_configs: [ { url: "http://\(exporter.host)/sd", refresh_interval: 1s } ]
            """, folder: folder)
        try await exporter.eventually("all targets are up", within: .seconds(60)) {
            try prometheus.query("count(up == 1)") == "4"
        }
        #expect(try prometheus.query("count(up == 0)") == nil)
        #expect(try prometheus.query(#"count(bambu_up{job="direct"} == 1)"#) == "2")
        #expect(try prometheus.query(#"bambu_up{job="discovered",instance="garage",printer="garage"}"#) == "1")
        #expect(try prometheus.query(#"count(bambu_exporter_build_info{job="discovered"})"#) == "1")
        #expect(try prometheus.query("sum(scrape_samples_scraped) - sum(scrape_samples_post_metric_relabeling)") == "0")
        prometheus.stop()
        #expect(try await exporter.stop() == 0)
    }

    @Test func `promtool and the strict parser accept scrapes of an up and a down printer`() async throws {
        let fleet = try await fleet(named("studio", "X1C:ams,ams"))
        defer { fleet.stop() }
        let exporter = try await exporter(configuration(entry(fleet.printers[0], fleet)))
        let promtool = URL(filePath: "/usr/bin/promtool")
        for isUp in [true, false] {
            try await exporter.eventually("the state is reached") {
                try exporter.metrics().value("bambu_up") == (isUp ? 1 : 0)
            }
            let text = try exporter.get("/metrics").body
            let verdict = try Programs.run(promtool, ["check", "metrics"], input: text)
            #expect(verdict.status == 0 && verdict.output.isEmpty, "\(verdict.output)")
            if isUp { await fleet.printers[0].killBroker() }
        }
        #expect(try await exporter.stop() == 0)
    }

    @Test func `healthcheck probes the exporter on this machine`() async throws {
        let fleet = try await fleet(named("garage", "P1S"))
        defer { fleet.stop() }
        let exporter = try await exporter(configuration(entry(fleet.printers[0], fleet)))
        let program = try Programs.url(of: "bambu_exporter")
        #expect(try Programs.run(program, ["healthcheck", "--web.listen-address=\(exporter.host)"]).status == 0)
        #expect(try await exporter.stop() == 0)
        #expect(try Programs.run(program, ["healthcheck", "--web.listen-address=\(exporter.host)"]).status == 1)
    }
}
