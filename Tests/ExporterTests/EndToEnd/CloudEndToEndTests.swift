import Foundation
import Platform
import Testing

@testable import Exporter
@testable import Simulator

/// One RSA key for all simulated printers, since generating one takes a while.
private let sharedKey = Result { try PrivateKey() }

/// The real exporter with a simulated account over HTTP and a real broker with TLS in place of the cloud's.
@Suite("Cloud, end to end", .timeLimit(.minutes(3)))
struct CloudEndToEndTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func bound(_ model: PrinterModel, _ name: String, hasLAN: Bool = false) -> PrinterOptions {
        var options = PrinterOptions(model, name: name)
        (options.isBound, options.hasLAN) = (true, hasLAN)
        return options
    }

    private func fleet(_ printers: [PrinterOptions], _ account: AccountOptions = AccountOptions()) async throws
        -> (SimulatedFleet, FleetCloud)
    {
        var options = FleetOptions()
        options.interval = .milliseconds(200)
        options.account = account
        let fleet = try SimulatedFleet(printers, options: options, key: try sharedKey.get())
        try await fleet.start()
        return (fleet, try #require(fleet.cloud))
    }

    private func configuration(
        _ fleet: SimulatedFleet, _ cloud: FleetCloud, printers: String = "", host: String = "127.0.0.1",
        more: String = "", telemetry: String = "stale_after: \"90s\"", rest: String = ""
    ) throws -> String {
        let token = try folder.write("token", cloud.account.token)
        return try folder.write(
            "config.json5",
            """
            { printers: [ \(printers) ], state_dir: "\(folder.url.path)/state", telemetry: { \(telemetry) }, \(rest)
              cloud: { api_url: "\(cloud.url)", token_file: "\(token)", mqtt_host: "\(host)", mqtt_port: \(cloud.brokerPort),
                       ca_file: "\(fleet.caFile)", interval: "1m", \(more) } }
            """)
    }

    /// Checks that a full report is requested of each printer, and at most once a minute.
    private func expectOneRequest(_ printers: [FleetPrinter], since start: ContinuousClock.Instant) async throws {
        func requests(_ printer: FleetPrinter) -> Int { printer.requests.count { $0.command == "pushing.pushall" } }
        try await eventually("all are requested") { printers.allSatisfy { requests($0) >= 1 } }
        let limit = 1 + Int((ContinuousClock.now - start).inSeconds / 60)
        #expect(printers.allSatisfy { requests($0) <= limit })
    }

    private func exporter(_ file: String) async throws -> RunningExporter {
        try await RunningExporter(["--config.file=\(file)", "--log.level=debug"])
    }

    @Test
    func `account printers share one session, and a LAN printer stays there`()
        async throws
    {
        let (fleet, cloud) = try await fleet([
            bound(.x1c, "attic"), bound(.p1s, "cellar"), bound(.a1mini, "shelf"), bound(.p1s, "garage", hasLAN: true),
        ])
        defer { fleet.stop() }
        let lan = fleet.printers[3]
        let entry = """
            { name: "garage", serial: "\(lan.serial)", host: "127.0.0.1", mqtt_port: \(lan.port), access_code: "\(lan.accessCode)",
              tls: { verify: "ca", ca_file: "\(fleet.caFile)" }, camera: { enabled: false } },
            { name: "attic", serial: "\(fleet.printers[0].serial)" }
            """
        let exporter = try await exporter(configuration(fleet, cloud, printers: entry))
        let names = ["attic", fleet.printers[1].serial, fleet.printers[2].serial, "garage"]
        try await exporter.eventually("all report") {
            let metrics = try exporter.metrics()
            return names.allSatisfy { name in
                metrics.value("bambu_up", ["printer": name]) == 1
                    && metrics.value("bambu_cloud_printer_online", ["printer": name]) == 1
                    && metrics.has("bambu_ams_tray_present", ["printer": name])
            } && metrics.value("bambu_cloud_up") == 1
        }
        let metrics = try exporter.metrics()
        #expect(metrics.text.matches(of: /bambu_up\{/).count == 4)
        for (index, printer) in fleet.printers.enumerated() {
            let transport = index == 3 ? "lan" : "cloud"
            #expect(
                metrics.has(
                    "bambu_printer_info",
                    [
                        "serial": printer.serial, "transport": transport, "name": printer.name,
                        "model": printer.model.rawValue,
                    ]))
            #expect(printer.subscriptions.map(\.topic) == ["device/\(printer.serial)/report"])
            #expect(printer.requests.map(\.command).sorted() == ["info.get_version", "pushing.pushall"])
            #expect(printer.requests.allSatisfy { $0.qualityOfService == 1 })
        }
        // The three cloud printers share one session; the LAN printer has its own.
        #expect(Set(fleet.printers[..<3].flatMap(\.subscriptions).map(\.clientID)).count == 1)
        #expect(fleet.printers[3].subscriptions.first?.clientID != fleet.printers[0].subscriptions.first?.clientID)
        #expect(metrics.value("bambu_shared_mqtt_connects_total", ["source": "cloud"]) == 1)
        #expect(
            metrics.has("bambu_mqtt_connects_total", ["printer": "garage"])
                && !metrics.has("bambu_mqtt_connects_total", ["printer": "attic"]))
        #expect(metrics.value("bambu_mqtt_connected", ["printer": "attic"]) == 1)
        #expect(try exporter.get("/-/ready").status == 200)
        let list = try exporter.get("/sd").body
        for name in names { #expect(list.contains("\"instance\":\"\(name)\"")) }
        let page = try exporter.get("/").body
        #expect(
            page.contains("4 of 4 printers report")
                && page.contains("Account: answers, its token ends in 89 days"))
        for printer in fleet.printers {
            #expect(!(exporter.log + metrics.text + page + list).contains(printer.accessCode))
        }
        #expect(!(exporter.log + metrics.text + page + list).contains(cloud.account.token))
        #expect(!exporter.log.contains("level=warn"), "\(exporter.log)")
        #expect(try await exporter.stop() == 0)
    }

    @Test func `presence events of the cloud take a printer down and up`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic")])
        defer { fleet.stop() }
        let printer = fleet.printers[0]
        let exporter = try await exporter(configuration(fleet, cloud))
        func up() throws -> Double? { try exporter.metrics().value("bambu_up", ["printer": printer.serial]) }
        try await exporter.eventually("it reports") { try up() == 1 }
        await printer.setSilent(true)
        await printer.publish(Array(#"{"event":{"event":"client.disconnected","disconnect_reason":"keepalive"}}"#.utf8))
        try await exporter.eventually("it is down") {
            try exporter.metrics().has("bambu_down_reason_info", ["reason": "cloud_offline"])
        }
        let metrics = try exporter.metrics()
        #expect(metrics.value("bambu_up") == 0 && !metrics.has("bambu_bed_temperature_celsius"))
        #expect(metrics.value("bambu_mqtt_connected") == 1)
        let requested = printer.requests.count { $0.command == "info.get_version" }
        await printer.setSilent(false)
        await printer.publish(Array(#"{"event":{"event":"client.connected"}}"#.utf8))
        try await exporter.eventually("it is back") { try up() == 1 }
        try await exporter.eventually("its version is requested") {
            printer.requests.count { $0.command == "info.get_version" } == requested + 1
        }
        // The minute between full reports is kept.
        #expect(printer.requests.count { $0.command == "pushing.pushall" } == 1)
        #expect(!exporter.log.contains("level=warn"))
    }

    @Test func `a silent printer is down, and the session of the others stays open`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic"), bound(.x1c, "cellar")])
        defer { fleet.stop() }
        let exporter = try await exporter(configuration(fleet, cloud, telemetry: "stale_after: \"2s\""))
        let (silent, other) = (fleet.printers[0], fleet.printers[1])
        func up(_ printer: FleetPrinter) throws -> Double? {
            try exporter.metrics().value("bambu_up", ["printer": printer.serial])
        }
        try await exporter.eventually("both report") { try up(silent) == 1 && up(other) == 1 }
        await silent.setSilent(true)
        try await exporter.eventually("it is down") {
            try exporter.metrics().has("bambu_down_reason_info", ["printer": silent.serial, "reason": "silent"])
        }
        #expect(try up(other) == 1)
        #expect(silent.requests.contains { $0.command == "pushing.start" })
        await silent.setSilent(false)
        try await exporter.eventually("it is back") { try up(silent) == 1 }
        #expect(try exporter.metrics().value("bambu_shared_mqtt_connects_total") == 1)
    }

    @Test func `a broker with another name is refused before the token is sent`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic")])
        defer { fleet.stop() }
        try await cloud.changeHosts(["DNS:other.example.com"])
        let exporter = try await exporter(configuration(fleet, cloud))
        try await exporter.eventually("it is refused") {
            (try exporter.metrics().value("bambu_shared_mqtt_connect_failures_total", ["reason": "certificate"]) ?? 0)
                >= 2
        }
        #expect(try exporter.metrics().has("bambu_down_reason_info", ["reason": "certificate"]))
        let warnings = exporter.log.split(separator: "\n").filter { $0.contains("level=warn") }
        #expect(
            warnings.count == 1 && warnings.first?.contains("its certificate is not for 127.0.0.1") == true,
            "\(warnings)")
        #expect(fleet.printers[0].subscriptions.isEmpty)
        try await cloud.changeHosts(["IP:127.0.0.1"])
        try await exporter.eventually("it connects") { try exporter.metrics().value("bambu_up") == 1 }
    }

    @Test func `an untrusted authority is refused`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic")])
        defer { fleet.stop() }
        let file = try configuration(fleet, cloud)
        // None of the system's authorities signed this broker's certificate.
        let text = try String(contentsOfFile: file, encoding: .utf8).replacing(
            "ca_file: \"\(fleet.caFile)\", interval", with: "interval")
        let exporter = try await exporter(folder.write("config.json5", text))
        try await exporter.eventually("it is refused") {
            (try exporter.metrics().value("bambu_shared_mqtt_connect_failures_total", ["reason": "certificate"]) ?? 0)
                >= 1
        }
        try await exporter.eventually("the reason is logged") {
            exporter.log.contains("does not lead to a trusted authority")
        }
    }

    @Test func `a token that the broker refuses counts as auth, a new one connects`() async throws {
        var options = AccountOptions()
        options.hasOpenToken = false
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic")], options)
        defer { fleet.stop() }
        let file = try configuration(fleet, cloud)
        // The REST interface accepts the token of the file, and the broker another one.
        let taken = cloud.account.token
        try await cloud.renewToken()
        let exporter = try await exporter(file)
        try await exporter.eventually("the REST interface refuses it") {
            try exporter.metrics().value("bambu_cloud_request_failures_total", ["reason": "auth", "api": "bind"])
                == 1
        }
        #expect(try exporter.metrics().value("bambu_cloud_up") == 0)
        _ = try folder.write("token", cloud.account.token)
        try await exporter.eventually("it reports") { try exporter.metrics().value("bambu_up") == 1 }
        // If the token does not contain the user name, it is requested once.
        #expect(cloud.account.count("preference") == 1)
        let old = cloud.account.token
        try await cloud.renewToken()
        try await exporter.eventually("the broker refuses it") {
            try exporter.metrics().value("bambu_shared_mqtt_connect_failures_total", ["reason": "auth"]) == 1
        }
        #expect(try exporter.metrics().has("bambu_down_reason_info", ["reason": "auth"]))
        let output = try exporter.log + exporter.metrics().text + exporter.get("/").body
        for secret in [taken, old, cloud.account.token] { #expect(!output.contains(secret)) }
    }

    @Test func `thirty printers share one session and get one request each`() async throws {
        let (fleet, cloud) = try await fleet((0..<30).map { bound($0 % 2 == 0 ? .a1 : .x1c, "p\($0)") })
        defer { fleet.stop() }
        let start = ContinuousClock.now
        let exporter = try await exporter(configuration(fleet, cloud))
        try await exporter.eventually("all report", within: .seconds(60)) {
            try exporter.metrics().text.matches(of: /bambu_up\{printer="[^"]*"\} 1/).count == 30
        }
        #expect(Set(fleet.printers.flatMap(\.subscriptions).map(\.clientID)).count == 1)
        try await expectOneRequest(fleet.printers, since: start)
        try await cloud.restartBroker()
        try await exporter.eventually("the session is established again", within: .seconds(60)) {
            try exporter.metrics().value("bambu_shared_mqtt_connects_total") == 2
                && exporter.metrics().text.matches(of: /bambu_up\{printer="[^"]*"\} 1/).count == 30
        }
        try await expectOneRequest(fleet.printers, since: start)
        // The lost session is logged once, not for each printer.
        #expect(exporter.log.matches(of: /level=warn/).count == 1)
    }

    @Test func `a reload changes the printers, their names and the route`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic", hasLAN: true), bound(.x1c, "cellar")])
        defer { fleet.stop() }
        let exporter = try await exporter(configuration(fleet, cloud))
        let (attic, cellar) = (fleet.printers[0], fleet.printers[1])
        try await exporter.eventually("both report") {
            try exporter.metrics().text.matches(of: /bambu_up\{printer="[^"]*"\} 1/).count == 2
        }
        _ = try configuration(
            fleet, cloud, printers: "{ name: \"desk\", serial: \"\(cellar.serial)\" }",
            more: "printers: [\"\(cellar.serial)\"],")
        exporter.signal(SIGHUP)
        try await exporter.eventually("it is named") {
            try exporter.metrics().value("bambu_up", ["printer": "desk"]) == 1
        }
        #expect(!(try exporter.metrics().text.contains(attic.serial)))
        let entry = """
            { name: "garage", serial: "\(attic.serial)", host: "127.0.0.1", mqtt_port: \(attic.port), access_code: "\(attic.accessCode)",
              tls: { verify: "ca", ca_file: "\(fleet.caFile)" }, camera: { enabled: false } }
            """
        _ = try configuration(fleet, cloud, printers: entry)
        exporter.signal(SIGHUP)
        try await exporter.eventually("it is read over the LAN") {
            try exporter.metrics().has("bambu_printer_info", ["printer": "garage", "transport": "lan"])
                && exporter.metrics().value("bambu_up", ["printer": "garage"]) == 1
        }
        #expect(attic.subscriptions.count == 2)
        _ = try folder.write("config.json5", "{ printers: [ { name: \"alone\", serial: \"01P00A000000000\" } ] }")
        exporter.signal(SIGHUP)
        try await exporter.eventually("the account is gone") { !(try exporter.metrics().text.contains("bambu_cloud_")) }
        #expect(!(try exporter.metrics().text.contains("bambu_shared_mqtt")))
    }

    @Test func `an own broker is read like the cloud, completely or by a list`() async throws {
        let (fleet, cloud) = try await fleet([bound(.p1s, "attic"), bound(.x1c, "cellar")])
        defer { fleet.stop() }
        let password = try folder.write("password", cloud.account.token + "\n")
        func file(_ more: String) throws -> String {
            try folder.write(
                "config.json5",
                """
                { printers: [ { name: "desk", serial: "\(fleet.printers[1].serial)" } ],
                  broker: { host: "127.0.0.1", port: \(cloud.brokerPort), username: "\(cloud.user)", password_file: "\(password)",
                            tls: { ca_file: "\(fleet.caFile)" }, \(more) } }
                """)
        }
        let start = ContinuousClock.now
        let exporter = try await exporter(file(""))
        try await exporter.eventually("both report") {
            try exporter.metrics().text.matches(of: /bambu_up\{printer="[^"]*"\} 1/).count == 2
        }
        let metrics = try exporter.metrics()
        #expect(metrics.has("bambu_printer_info", ["printer": "desk", "transport": "broker"]))
        #expect(metrics.value("bambu_shared_mqtt_connects_total", ["source": "broker"]) == 1)
        try await expectOneRequest(fleet.printers, since: start)
        // The only subscription is a wildcard.
        #expect(fleet.printers.allSatisfy { $0.subscriptions.isEmpty })
        _ = try file("printers: [\"\(fleet.printers[0].serial)\"]")
        exporter.signal(SIGHUP)
        try await exporter.eventually("only the listed printer is read") {
            try exporter.metrics().value("bambu_up", ["printer": "desk"]) == 0
                && exporter.metrics().value("bambu_up", ["printer": fleet.printers[0].serial]) == 1
        }
        #expect(fleet.printers[0].subscriptions.map(\.topic) == ["device/\(fleet.printers[0].serial)/report"])
        #expect(!exporter.log.contains(cloud.account.token))
    }
}
