import BambuMetrics
import Foundation
import Reactor
import Testing

@testable import Exporter
@testable import Simulator

@Suite("The account, poll by poll", .timeLimit(.minutes(2)))
struct AccountPollTests {
    static let serial = "01P00A900000042"

    private func account(_ options: AccountOptions = AccountOptions()) -> SimulatedAccount {
        let account = SimulatedAccount(options)
        account.bind(
            SimulatedAccount.Device(serial: Self.serial, name: "Back room", model: .p1s, accessCode: "31415926"))
        return account
    }

    private let printer = ["printer": AccountPollTests.serial]

    @Test func `each answer of the interface comes out as its metric`() async throws {
        let account = account()
        account.change(Self.serial) { device in
            device.status = "RUNNING"
            device.offered = ["01.09.00.00"]
            device.task = """
                {"id":7,"deviceId":"\(Self.serial)","weight":30.5,"costTime":5400,"startTime":"2026-01-02T03:04:05Z",\
                "amsDetailMapping":[{"ams":1,"weight":30.5}]}
                """
        }
        let bench = try AccountBench(account) { $0.cloud?.wantsCameras = true }
        var metrics = bench.metrics
        try await bench.eventually("a poll is through") {
            metrics = bench.metrics
            return metrics.value("bambu_cloud_up") == 1 && metrics.value("bambu_cloud_printer_online", printer) == 1
        }
        #expect(metrics.has("bambu_cloud_print_status", ["status": "running"]))
        #expect(
            metrics.has(
                "bambu_printer_info",
                ["name": "Back room", "firmware": "01.08.02.00", "model": "P1S", "transport": "cloud"]))
        #expect(metrics.value("bambu_firmware_update_available", printer) == 1)
        #expect(metrics.value("bambu_cloud_task_planned_grams", printer) == 30.5)
        #expect(metrics.value("bambu_cloud_task_planned_seconds", printer) == 5400)
        #expect(metrics.value("bambu_cloud_task_start_timestamp_seconds", printer) == 1_767_323_045)
        #expect(metrics.value("bambu_cloud_task_tray_grams", ["ams": "0", "tray": "1"]) == 30.5)
        #expect(metrics.has("bambu_cloud_camera_info", ["type": "tutk", "region": "us"]))
        #expect(metrics.value("bambu_up", printer) == 0 && metrics.value("bambu_mqtt_connected", printer) == 0)
        #expect(metrics.has("bambu_down_reason_info", ["reason": "never_reported"]))
        #expect((metrics.value("bambu_cloud_token_expiry_timestamp_seconds") ?? 0) > WallClock.now() + 89 * 86_400)
        try await bench.eventually("more polls are through") { account.count("bind") >= 4 }
        // The camera's kind does not change, and is asked for once.
        #expect(account.count("ttcode") == 1 && account.count("preference") == 0)
        #expect(account.requests.allSatisfy { $0.message.headers["user-agent"] == "bambu_exporter/\(Build.version)" })
        #expect(bench.warnings() == [])
        for secret in SimulatedAccount.cameraSecrets + [account.token, "31415926"] {
            #expect(!bench.output.contains(secret))
        }
    }

    @Test func `cameras are not asked about unless somebody wants to know`() async throws {
        let bench = try AccountBench(account())
        try await bench.eventually("polls are through") { bench.account.count("bind") >= 3 }
        #expect(bench.account.count("ttcode") == 0)
    }

    @Test
    func `the published AMS sample comes out as humidity and tray gauges, and goes when the account has it no more`()
        async throws
    {
        let account = account()
        let file = PackageFolder.url.appending(path: "Tests/Fixtures/account/bind-published-ams.json")
        let device = try #require(JSONSlice(try Data(contentsOf: file)).member("devices")?.elements.first)
        let members = device.members.filter {
            ["has_ams", "total_trays", "ams_units", "external_spool"].contains($0.name)
        }
        let text = members.map { "\"\($0.name)\":\(String(decoding: $0.value.bytes, as: UTF8.self))" }.joined(
            separator: ",")
        account.change(Self.serial) { $0.bindMembers = text }
        let bench = try AccountBench(account)
        var metrics = bench.metrics
        try await bench.eventually("units are there") {
            metrics = bench.metrics
            return metrics.value("bambu_ams_humidity_index", printer) == 3 && bench.page.contains("28 % humidity")
        }
        #expect(metrics.value("bambu_ams_humidity_raw_percent", ["ams": "0"]) == 28)
        #expect(metrics.value("bambu_ams_temperature_celsius", ["ams": "0"]) == 25)
        #expect(metrics.has("bambu_ams_tray_info", ["tray": "1", "type": "PETG-CF", "color": "000000"]))
        #expect(metrics.value("bambu_ams_tray_present", ["tray": "0"]) == 0)
        #expect(metrics.value("bambu_ams_tray_remaining_percent", ["tray": "2"]) == 62)
        #expect(metrics.has("bambu_ams_tray_info", ["ams": "external", "tray": "254"]))
        #expect(metrics.value("bambu_up", printer) == 0)
        account.change(Self.serial) {
            $0.bindMembers = ""
            $0.versionMembers = #""ams":{"ams":[{"id":"1","humidity":"4"}]}"#
        }
        try await bench.eventually("the other answer counts") {
            bench.metrics.has("bambu_ams_humidity_index", ["ams": "1"])
        }
        #expect(!bench.metrics.has("bambu_ams_humidity_raw_percent"))
        account.change(Self.serial) { $0.versionMembers = "" }
        try await bench.eventually("units are gone") { !bench.metrics.has("bambu_ams_humidity_index") }
    }

    @Test func `printers come and go with the account, and only those that are wanted`() async throws {
        let account = account()
        for number in 1...3 {
            account.bind(.init(serial: "00M00A90000000\(number)", name: "n", model: .x1c, accessCode: "1"))
        }
        account.bind(.init(serial: "not/a serial", name: "n", model: .x1c, accessCode: "1"))
        let bench = try AccountBench(account) { configuration in
            configuration.cloud?.printers = [Self.serial, "00M00A900000001", "00M00A900000002"]
            configuration.printers = [Configuration.Printer(name: "studio", serial: "00M00A900000002")]
        }
        try await bench.eventually("they are there") {
            bench.metrics.value("bambu_cloud_printer_online", ["printer": "studio"]) == 1
        }
        #expect(bench.metrics.text.matches(of: /bambu_up\{/).count == 3)
        #expect(!bench.metrics.text.contains("not/a") && !bench.metrics.text.contains("00M00A900000003"))
        #expect(account.requests.allSatisfy { $0.message.query["dev_id"] != "00M00A900000003" })
        account.unbind("00M00A900000001")
        account.change(Self.serial) { $0.isOnline = false }
        try await bench.eventually("the change shows") {
            bench.metrics.value("bambu_cloud_printer_online", printer) == 0
        }
        #expect(!bench.metrics.has("bambu_cloud_printer_online", ["printer": "00M00A900000001"]))
        #expect(bench.metrics.has("bambu_down_reason_info", ["printer": Self.serial, "reason": "cloud_offline"]))
    }

    @Test func `each shard asks only for its own devices, and the first alone exports the account`() async throws {
        let account = SimulatedAccount()
        for number in 10..<30 {
            account.bind(.init(serial: "00M00A9000000\(number)", name: "n", model: .x1c, accessCode: "1"))
        }
        for index in 0..<2 {
            var shard = Configuration.Shard()
            (shard.index, shard.count) = (index, 2)
            let bench = try AccountBench(account) { [shard] configuration in
                configuration.shard = shard
                // One poll is enough, and what it says holds for as long as a slow test needs.
                configuration.cloud?.interval = .seconds(60)
            }
            try await bench.eventually("a poll is through") { bench.metrics.has("bambu_cloud_printer_online") }
            #expect(bench.metrics.has("bambu_cloud_up") == (index == 0))
            let shown = bench.metrics.text.matches(of: /bambu_cloud_printer_online\{printer="([^"]*)"\}/).map {
                String($0.1)
            }
            #expect(!shown.isEmpty && shown.allSatisfy(shard.takes))
        }
        let asked = Dictionary(grouping: account.requests.compactMap { $0.message.query["dev_id"] }) { $0 }
        #expect(asked.count == 20)
    }

    /// What fails, the label that counts it, and how many requests may have been sent three seconds later.
    private static let faults: [(CloudFault, AccountSnapshot.Failure)] = [
        (CloudFault(.refused), .auth), (CloudFault(.unauthorized), .auth), (CloudFault(.cloudflare), .limited),
        (CloudFault(.teapot), .limited), (CloudFault(.limited), .limited), (CloudFault(.error), .server),
        (CloudFault(.unavailable), .limited), (CloudFault(.page), .shape), (CloudFault(.failed), .server),
        (CloudFault(.broken), .shape), (CloudFault(.misshapen), .shape), (CloudFault(.flood), .shape),
        (CloudFault(.redirect), .server), (CloudFault(.cut), .network), (CloudFault(.hang), .timeout),
        (CloudFault(.cut, target: "tasks"), .network), (CloudFault(.cut, target: "ttcode"), .network),
        (CloudFault(.misshapen, target: "tasks"), .shape), (CloudFault(.error, target: "version"), .server),
        (CloudFault(.broken, target: "print"), .shape), (CloudFault(.cloudflare, target: "bind"), .limited),
        (CloudFault(.refused, target: "tasks"), .auth), (CloudFault(.misshapen, target: "preference"), .shape),
    ]

    @Test(arguments: faults.indices)
    func `every failure ends in its metric and one line, without a storm and without a secret`(index: Int) async throws
    {
        let (fault, reason) = Self.faults[index]
        var options = AccountOptions()
        options.hasOpenToken = fault.target != "preference"
        let account = account(options)
        account.set(fault)
        let bench = try AccountBench(account) { configuration in
            // What may not be shorter than a minute in a file.
            configuration.cloud?.interval = .seconds(60)
            configuration.cloud?.wantsCameras = true
            configuration.cloud?.readsReports = fault.target == "preference"
            configuration.cloud?.brokerHost = "127.0.0.1"
            configuration.cloud?.brokerPort = 1
        }
        let api = fault.target ?? "bind"
        // An answer may take 15 seconds.
        try await bench.eventually("\(fault) is counted", within: .seconds(45)) {
            bench.metrics.value("bambu_cloud_request_failures_total", ["api": api, "reason": reason.rawValue]) == 1
        }
        // Whatever would come too early comes now.
        try await Task.sleep(for: .milliseconds(1500))
        #expect(bench.metrics.value("bambu_cloud_up") == 0)
        #expect(
            bench.metrics.value("bambu_cloud_request_failures_total", ["api": api, "reason": reason.rawValue]) == 1)
        #expect(account.count(api) <= 1)
        #expect(bench.metrics.value("bambu_cloud_requests_total", ["api": api]) == 1)
        let said = bench.warnings().filter { $0.contains("The account ") }
        #expect(said.count == 1 && said.first?.contains("reason=\(reason.rawValue)") == true, "\(said)")
        #expect(!bench.metrics.has("bambu_cloud_last_success_timestamp_seconds"))
        // A failure of one request does not withhold what the others bring.
        let isListed = fault.target != nil && fault.target != "bind" && fault.kind != .refused
        #expect(bench.metrics.has("bambu_cloud_printer_online") == isListed)
        for secret in SimulatedAccount.cameraSecrets + [account.token, "31415926", "Bearer"] {
            #expect(!bench.output.contains(secret), "\(fault)")
        }
    }

    @Test func `an endpoint that is not permitted is dropped, and the rest goes on`() async throws {
        let account = account()
        account.set(CloudFault(.forbidden, target: "tasks"))
        let bench = try AccountBench(account)
        try await bench.eventually("polls are through") { account.count("bind") >= 4 }
        #expect(bench.metrics.value("bambu_cloud_up") == 1)
        #expect(account.count("tasks") == 1)
        #expect(bench.metrics.value("bambu_cloud_request_failures_total", ["api": "tasks", "reason": "auth"]) == 1)
        #expect(bench.warnings().count == 1)
    }

    @Test func `a token that runs out during the run stops everything, until its file changes`() async throws {
        let account = account()
        let bench = try AccountBench(account)
        let old = account.token
        try await bench.eventually("a poll is through") {
            bench.metrics.value("bambu_cloud_printer_online", printer) == 1
        }
        account.revoke()
        try await bench.eventually("the refusal shows") { bench.metrics.value("bambu_cloud_up") == 0 }
        #expect(
            !bench.metrics.has("bambu_cloud_printer_online") && !bench.metrics.has("bambu_cloud_task_planned_grams"))
        // Who it is stays.
        #expect(bench.metrics.has("bambu_printer_info", ["name": "Back room"]))
        #expect(bench.metrics.has("bambu_cloud_token_expiry_timestamp_seconds"))
        let asked = account.requests.count
        try await Task.sleep(for: .seconds(3))
        #expect(account.requests.count == asked)
        #expect(bench.warnings().count == 1 && bench.warnings().first?.contains("bambu_exporter login") == true)
        account.renew()
        try bench.write(account.token)
        try await bench.eventually("it goes on") { bench.metrics.value("bambu_cloud_printer_online", printer) == 1 }
        #expect(bench.metrics.value("bambu_cloud_up") == 1)
        for secret in [old, account.token] { #expect(!bench.output.contains(secret)) }
    }

    @Test func `a token file that is gone or empty stops everything too`() async throws {
        let bench = try AccountBench(account())
        try await bench.eventually("a poll is through") { bench.metrics.value("bambu_cloud_up") == 1 }
        try bench.write("two words")
        try await bench.eventually("it shows") { bench.metrics.value("bambu_cloud_up") == 0 }
        #expect(!bench.metrics.has("bambu_cloud_token_expiry_timestamp_seconds"))
        #expect(bench.warnings().count == 1 && !bench.output.contains("two words"))
        try bench.write(bench.account.token)
        try await bench.eventually("it goes on") { bench.metrics.value("bambu_cloud_up") == 1 }
    }

    @Test func `what was said is withdrawn two intervals after the last success`() async throws {
        let account = account()
        let bench = try AccountBench(account) { $0.cloud?.interval = .seconds(1) }
        try await bench.eventually("a poll is through") { bench.metrics.has("bambu_cloud_printer_online") }
        account.set(CloudFault(.error))
        try await bench.eventually("a poll has failed") { bench.metrics.value("bambu_cloud_up") == 0 }
        let last = try #require(bench.metrics.value("bambu_cloud_last_success_timestamp_seconds"))
        #expect(bench.metrics.has("bambu_cloud_printer_online") || WallClock.now() - last >= 1.9)
        try await bench.eventually("it is withdrawn") { !bench.metrics.has("bambu_cloud_printer_online") }
        let age = WallClock.now() - last
        #expect(age >= 1.9, "\(age)")
        account.clearFaults()
        try await bench.eventually("it is back") { bench.metrics.has("bambu_cloud_printer_online") }
    }

    @Test func `a token that does not say when it ends is taken to hold for 90 days from its file's time`() async throws
    {
        var options = AccountOptions()
        options.hasOpenToken = false
        let bench = try AccountBench(account(options))
        try await bench.eventually("a poll is through") { bench.metrics.value("bambu_cloud_up") == 1 }
        let end = try #require(bench.metrics.value("bambu_cloud_token_expiry_timestamp_seconds"))
        #expect(abs(end - WallClock.now() - 90 * 86_400) < 60)
        #expect(bench.log.contains { $0.contains("taking it to be 90 days") })
    }
}
