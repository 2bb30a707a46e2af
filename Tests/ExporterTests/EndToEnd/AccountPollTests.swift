import BambuMetrics
import Foundation
import Testing

@testable import Exporter
@testable import Simulator

@Suite("Account polls", .timeLimit(.minutes(2)))
struct AccountPollTests {
    static let serial = "01P00A900000042"

    private func account(_ options: AccountOptions = AccountOptions()) -> SimulatedAccount {
        let account = SimulatedAccount(options)
        account.bind(
            SimulatedAccount.Device(serial: Self.serial, name: "Back room", model: .p1s, accessCode: "31415926"))
        return account
    }

    private let printer = ["printer": AccountPollTests.serial]

    @Test func `each response of the interface is exported as metrics`() async throws {
        let account = account()
        account.change(Self.serial) { device in
            device.status = "RUNNING"
            device.offered = ["01.09.00.00"]
            device.task = """
                {"id":7,"deviceId":"\(Self.serial)","weight":30.5,"costTime":5400,"startTime":"2026-01-02T03:04:05Z",\
                "amsDetailMapping":[{"ams":1,"weight":30.5}]}
                """
        }
        let harness = try AccountHarness(account) { $0.cloud?.wantsCameras = true }
        var metrics = harness.metrics
        try await harness.eventually("a poll has ended") {
            metrics = harness.metrics
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
        try await harness.eventually("more polls have ended") { account.count("bind") >= 4 }
        // The camera's type does not change and is requested once.
        #expect(account.count("ttcode") == 1 && account.count("preference") == 0)
        #expect(account.requests.allSatisfy { $0.message.headers["user-agent"] == "bambu_exporter/\(Build.version)" })
        #expect(harness.warnings() == [])
        for secret in SimulatedAccount.cameraSecrets + [account.token, "31415926"] {
            #expect(!harness.output.contains(secret))
        }
    }

    @Test func `camera data is requested only if configured`() async throws {
        let harness = try AccountHarness(account())
        try await harness.eventually("polls have ended") { harness.account.count("bind") >= 3 }
        #expect(harness.account.count("ttcode") == 0)
    }

    @Test
    func `AMS units of the account are exported while the response has them`()
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
        let harness = try AccountHarness(account)
        var metrics = harness.metrics
        try await harness.eventually("the units are exported") {
            metrics = harness.metrics
            return metrics.value("bambu_ams_humidity_index", printer) == 3 && harness.page.contains("28 % RH")
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
        try await harness.eventually("the other response is used") {
            harness.metrics.has("bambu_ams_humidity_index", ["ams": "1"])
        }
        #expect(!harness.metrics.has("bambu_ams_humidity_raw_percent"))
        account.change(Self.serial) { $0.versionMembers = "" }
        try await harness.eventually("the units are withdrawn") { !harness.metrics.has("bambu_ams_humidity_index") }
    }

    @Test func `printers follow the account and the configured list`() async throws {
        let account = account()
        for number in 1...3 {
            account.bind(.init(serial: "00M00A90000000\(number)", name: "n", model: .x1c, accessCode: "1"))
        }
        account.bind(.init(serial: "not/a serial", name: "n", model: .x1c, accessCode: "1"))
        let harness = try AccountHarness(account) { configuration in
            configuration.cloud?.printers = [Self.serial, "00M00A900000001", "00M00A900000002"]
            configuration.printers = [Configuration.Printer(name: "studio", serial: "00M00A900000002")]
        }
        try await harness.eventually("the printers are listed") {
            harness.metrics.value("bambu_cloud_printer_online", ["printer": "studio"]) == 1
        }
        #expect(harness.metrics.text.matches(of: /bambu_up\{/).count == 3)
        #expect(!harness.metrics.text.contains("not/a") && !harness.metrics.text.contains("00M00A900000003"))
        #expect(account.requests.allSatisfy { $0.message.query["dev_id"] != "00M00A900000003" })
        account.unbind("00M00A900000001")
        account.change(Self.serial) { $0.isOnline = false }
        try await harness.eventually("the change is exported") {
            harness.metrics.value("bambu_cloud_printer_online", printer) == 0
        }
        #expect(!harness.metrics.has("bambu_cloud_printer_online", ["printer": "00M00A900000001"]))
        #expect(harness.metrics.has("bambu_down_reason_info", ["printer": Self.serial, "reason": "cloud_offline"]))
    }

    @Test func `each shard polls its own printers, and the first exports the account`() async throws {
        let account = SimulatedAccount()
        for number in 10..<30 {
            account.bind(.init(serial: "00M00A9000000\(number)", name: "n", model: .x1c, accessCode: "1"))
        }
        for index in 0..<2 {
            var shard = Configuration.Shard()
            (shard.index, shard.count) = (index, 2)
            let harness = try AccountHarness(account) { [shard] configuration in
                configuration.shard = shard
                // One poll is enough, and its data stays current for a slow test.
                configuration.cloud?.interval = .seconds(60)
            }
            try await harness.eventually("a poll has ended") { harness.metrics.has("bambu_cloud_printer_online") }
            #expect(harness.metrics.has("bambu_cloud_up") == (index == 0))
            let shown = harness.metrics.text.matches(of: /bambu_cloud_printer_online\{printer="([^"]*)"\}/).map {
                String($0.1)
            }
            #expect(!shown.isEmpty && shown.allSatisfy(shard.takes))
        }
        let requested = Dictionary(grouping: account.requests.compactMap { $0.message.query["dev_id"] }) { $0 }
        #expect(requested.count == 20)
    }

    /// Each fault, and the label that counts it.
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
    func `every failure causes one metric and one log line, without a secret`(index: Int) async throws {
        let (fault, reason) = Self.faults[index]
        var options = AccountOptions()
        options.hasOpenToken = fault.target != "preference"
        let account = account(options)
        account.set(fault)
        let harness = try AccountHarness(account) { configuration in
            // A configuration file does not allow less than a minute.
            configuration.cloud?.interval = .seconds(60)
            configuration.cloud?.wantsCameras = true
            configuration.cloud?.readsReports = fault.target == "preference"
            configuration.cloud?.brokerHost = "127.0.0.1"
            configuration.cloud?.brokerPort = 1
        }
        let api = fault.target ?? "bind"
        // A response may take 15 seconds.
        try await harness.eventually("\(fault) is counted", within: .seconds(45)) {
            harness.metrics.value("bambu_cloud_request_failures_total", ["api": api, "reason": reason.rawValue]) == 1
        }
        #expect(harness.metrics.value("bambu_cloud_up") == 0)
        #expect(
            harness.metrics.value("bambu_cloud_request_failures_total", ["api": api, "reason": reason.rawValue]) == 1)
        #expect(account.count(api) <= 1)
        #expect(harness.metrics.value("bambu_cloud_requests_total", ["api": api]) == 1)
        let warnings = harness.warnings().filter { $0.contains(" api=") }
        #expect(warnings.count == 1 && warnings.first?.contains("reason=\(reason.rawValue)") == true, "\(warnings)")
        #expect(!harness.metrics.has("bambu_cloud_last_success_timestamp_seconds"))
        // A failed request does not withhold the data of the others.
        let isListed = fault.target != nil && fault.target != "bind" && fault.kind != .refused
        #expect(harness.metrics.has("bambu_cloud_printer_online") == isListed)
        for secret in SimulatedAccount.cameraSecrets + [account.token, "31415926", "Bearer"] {
            #expect(!harness.output.contains(secret), "\(fault)")
        }
    }

    @Test func `a forbidden endpoint is skipped, and the others are still polled`() async throws {
        let account = account()
        account.set(CloudFault(.forbidden, target: "tasks"))
        let harness = try AccountHarness(account)
        try await harness.eventually("polls have ended") { account.count("bind") >= 4 }
        #expect(harness.metrics.value("bambu_cloud_up") == 1)
        #expect(account.count("tasks") == 1)
        #expect(harness.metrics.value("bambu_cloud_request_failures_total", ["api": "tasks", "reason": "auth"]) == 1)
        #expect(harness.warnings().count == 1)
    }

    @Test func `an expired token stops all requests until its file changes`() async throws {
        let account = account()
        let harness = try AccountHarness(account)
        let old = account.token
        try await harness.eventually("a poll has ended") {
            harness.metrics.value("bambu_cloud_printer_online", printer) == 1
        }
        account.revoke()
        try await harness.eventually("the refusal is exported") { harness.metrics.value("bambu_cloud_up") == 0 }
        #expect(
            !harness.metrics.has("bambu_cloud_printer_online") && !harness.metrics.has("bambu_cloud_task_planned_grams")
        )
        // The identity stays.
        #expect(harness.metrics.has("bambu_printer_info", ["name": "Back room"]))
        #expect(harness.metrics.has("bambu_cloud_token_expiry_timestamp_seconds"))
        let requested = account.requests.count
        #expect(harness.warnings().count == 1 && harness.warnings().first?.contains("bambu_exporter login") == true)
        account.renew()
        try harness.write(account.token)
        try await harness.eventually("polls resume") {
            harness.metrics.value("bambu_cloud_printer_online", printer) == 1
        }
        #expect(harness.metrics.value("bambu_cloud_up") == 1)
        #expect(account.requests[requested...].allSatisfy { $0.message.headers["authorization"] != "Bearer \(old)" })
        for secret in [old, account.token] { #expect(!harness.output.contains(secret)) }
    }

    @Test func `a missing or empty token file stops all requests too`() async throws {
        let harness = try AccountHarness(account())
        try await harness.eventually("a poll has ended") { harness.metrics.value("bambu_cloud_up") == 1 }
        try harness.write("two words")
        try await harness.eventually("the problem is exported") { harness.metrics.value("bambu_cloud_up") == 0 }
        #expect(!harness.metrics.has("bambu_cloud_token_expiry_timestamp_seconds"))
        #expect(harness.warnings().count == 1 && !harness.output.contains("two words"))
        try harness.write(harness.account.token)
        try await harness.eventually("polls resume") { harness.metrics.value("bambu_cloud_up") == 1 }
    }

    @Test func `data is withdrawn two intervals after the last success`() async throws {
        let account = account()
        let harness = try AccountHarness(account) { $0.cloud?.interval = .seconds(1) }
        try await harness.eventually("a poll has ended") { harness.metrics.has("bambu_cloud_printer_online") }
        account.set(CloudFault(.error))
        try await harness.eventually("a poll has failed") { harness.metrics.value("bambu_cloud_up") == 0 }
        let last = try #require(harness.metrics.value("bambu_cloud_last_success_timestamp_seconds"))
        #expect(harness.metrics.has("bambu_cloud_printer_online") || WallClock.now() - last >= 1.9)
        try await harness.eventually("it is withdrawn") { !harness.metrics.has("bambu_cloud_printer_online") }
        let age = WallClock.now() - last
        #expect(age >= 1.9, "\(age)")
        account.clearFaults()
        try await harness.eventually("it is back") { harness.metrics.has("bambu_cloud_printer_online") }
    }

    @Test func `a token without an expiry is assumed to last 90 days`() async throws {
        var options = AccountOptions()
        options.hasOpenToken = false
        let harness = try AccountHarness(account(options))
        try await harness.eventually("a poll has ended") { harness.metrics.value("bambu_cloud_up") == 1 }
        let end = try #require(harness.metrics.value("bambu_cloud_token_expiry_timestamp_seconds"))
        #expect(abs(end - WallClock.now() - 90 * 86_400) < 60)
        #expect(harness.log.contains { $0.contains("assuming 90 days") })
    }
}
