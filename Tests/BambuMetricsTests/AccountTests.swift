import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

@Suite("The account's answers as metrics")
struct AccountTests {
    private func answer(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Fixture.folder.appending(path: "account").appending(path: "\(name).json")))
    }

    /// A printer that only the account tells of.
    private func snapshot(_ facts: AccountFacts, identity: AccountIdentity? = nil) -> PrinterSnapshot {
        var snapshot = PrinterSnapshot(
            name: "p", transport: .cloud, link: Link(), printer: Printer(serial: "01P00A000000042"))
        snapshot.account = facts
        snapshot.identity = identity
        return snapshot
    }

    private func text(_ snapshots: PrinterSnapshot...) -> String {
        String(decoding: Exposition.of(snapshots, in: .text), as: UTF8.self)
    }

    private func published() throws -> AccountFacts {
        let device = try #require(AccountDevice.all(in: answer("bind-published-ams"))?.first)
        var facts = AccountFacts()
        (facts.isOnline, facts.status, facts.ams) = (device.isOnline, device.status, device.ams)
        return facts
    }

    @Test func `the published sample comes out as humidity and tray gauges while the printer is down`() throws {
        let snapshot = snapshot(try published())
        let text = text(snapshot)
        for line in [
            #"bambu_up{printer="p"} 0"#,
            #"bambu_ams_humidity_index{printer="p",ams="0"} 3"#,
            #"bambu_ams_humidity_raw_percent{printer="p",ams="0"} 28"#,
            #"bambu_ams_temperature_celsius{printer="p",ams="0"} 25"#,
            #"bambu_ams_drying_active{printer="p",ams="0"} 0"#,
            #"bambu_ams_tray_present{printer="p",ams="0",tray="0",slot="A1"} 0"#,
            #"bambu_ams_tray_present{printer="p",ams="0",tray="1",slot="A2"} 1"#,
            #"bambu_ams_tray_present{printer="p",ams="0",tray="3",slot="A4"} 0"#,
            #"bambu_ams_tray_info{printer="p",ams="0",tray="1",slot="A2",type="PETG-CF",name="",color="000000",profile="GFG50"} 1"#,
            #"bambu_ams_tray_remaining_percent{printer="p",ams="0",tray="2",slot="A3"} 62"#,
            #"bambu_ams_tray_nozzle_temperature_min_celsius{printer="p",ams="0",tray="1",slot="A2"} 240"#,
            #"bambu_ams_tray_info{printer="p",ams="external",tray="254",slot="Ext",type="PETG",name="",color="FFFF00",profile="GFG60"} 1"#,
            #"bambu_cloud_printer_online{printer="p"} 1"#,
            #"bambu_cloud_print_status{printer="p",status="running"} 1"#,
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(!text.contains(#"remaining_percent{printer="p",ams="0",tray="1",slot="A2"}"#))
        #expect(!text.contains("31415926"))
        try Judge.expectApproval(of: [snapshot])
    }

    @Test func `live telemetry is not overruled by the account`() throws {
        var live = PrinterSnapshot.up(
            Printer(#"{"print":{"ams":{"ams":[{"id":"0","humidity":"5","humidity_raw":"9"}]}}}"#))
        live.account = try published()
        let text = text(live)
        #expect(text.contains(#"bambu_ams_humidity_raw_percent{printer="p",ams="0"} 9"#))
        #expect(!text.contains("PETG-CF"))
    }

    @Test func `plan, slots, camera and firmware of the account have their series`() throws {
        let task = AccountTask.latest(
            of: "S",
            in: Array(
                #"""
                {"total":2,"hits":[{"deviceId":"OTHER","weight":1},{"deviceId":"S","weight":"30.5","costTime":7200,
                "startTime":"2026-01-02T03:04:05Z","amsDetailMapping":[{"ams":0,"weight":10},{"ams":0,"weight":0.5},
                {"ams":5,"weight":15},{"ams":254,"weight":5},{"ams":99,"weight":5},{"weight":5},"x"]}]}
                """#.utf8))
        var facts = AccountFacts()
        facts.task = task
        facts.camera = AccountCamera(in: Array(#"{"ttcode":"SECRET","type":"tutk","region":"us"}"#.utf8))
        facts.isUpdateAvailable = true
        var identity = AccountIdentity()
        (identity.name, identity.firmware) = ("Back \"room\"", "01.08.02.00")
        let snapshot = snapshot(facts, identity: identity)
        let text = text(snapshot)
        for line in [
            #"bambu_cloud_task_planned_grams{printer="p"} 30.5"#,
            #"bambu_cloud_task_planned_seconds{printer="p"} 7200"#,
            #"bambu_cloud_task_start_timestamp_seconds{printer="p"} 1767323045"#,
            #"bambu_cloud_task_tray_grams{printer="p",ams="0",tray="0",slot="A1"} 10.5"#,
            #"bambu_cloud_task_tray_grams{printer="p",ams="1",tray="1",slot="B2"} 15"#,
            #"bambu_cloud_task_tray_grams{printer="p",ams="external",tray="254",slot="Ext"} 5"#,
            #"bambu_cloud_camera_info{printer="p",type="tutk",region="us"} 1"#,
            #"bambu_firmware_update_available{printer="p"} 1"#,
            #"bambu_printer_info{printer="p",serial="01P00A000000042",model="P1S",firmware="01.08.02.00",transport="cloud",name="Back \"room\""} 1"#,
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(!text.contains("SECRET") && !text.contains("mqtt_connects_total"))
        try Judge.expectApproval(of: [snapshot])
    }

    @Test(arguments: [
        ("cloud", "RUNNING", true), ("cloud", "PREPARE", true), ("local", "RUNNING", false), ("cloud", "FINISH", false),
        ("cloud", "IDLE", false),
    ])
    func `the account's start is taken for that of a job which came from there and is under way`(
        type: String, state: String, isTaken: Bool
    ) throws {
        var live = PrinterSnapshot.up(Printer(#"{"print":{"gcode_state":"\#(state)","print_type":"\#(type)"}}"#))
        var facts = AccountFacts()
        facts.task = AccountTask.latest(of: "S", in: Array(#"{"hits":[{"startTime":"2026-01-02T03:04:05Z"}]}"#.utf8))
        live.account = facts
        #expect(text(live).contains("bambu_print_start_timestamp_seconds{printer=\"p\"} 1767323045") == isTaken)
    }

    @Test func `the account's own series are whole from the start`() throws {
        var exporter = ExporterSnapshot()
        exporter.account = AccountSnapshot()
        exporter.brokerSessions = [BrokerSessionCounts(source: .cloud), BrokerSessionCounts(source: .broker)]
        for (format, judge) in [(ExpositionFormat.openMetrics, Judge.strictParser), (.text, Judge.promtool)] {
            var body: [UInt8] = []
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: format, into: &body)
            Schema.finish(&body, in: format)
            let verdict = try judge(body)
            #expect(verdict.words == "" && verdict.status == 0)
            let text = String(decoding: body, as: UTF8.self)
            #expect(
                text.contains("bambu_cloud_up 0\n") && !text.contains("bambu_cloud_token_expiry_timestamp_seconds "))
            #expect(text.matches(of: /bambu_cloud_requests_total\{api="[a-z]+"\} 0/).count == 6)
            #expect(
                text.matches(of: /bambu_cloud_request_failures_total\{api="[a-z]+",reason="[a-z]+"\} 0/).count == 36)
            #expect(
                text.matches(of: /bambu_shared_mqtt_connect_failures_total\{source="[a-z]+",reason="[a-z]+"\} 0/).count
                    == 14)
        }
        exporter.account?.isExported = false
        var body: [UInt8] = []
        Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: .text, into: &body)
        #expect(!String(decoding: body, as: UTF8.self).contains("bambu_cloud_"))
    }
}
