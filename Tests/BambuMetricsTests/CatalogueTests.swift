import TestSupport
import Testing

@testable import BambuMetrics
@testable import BambuProtocol
@testable import OpenMetrics

/// A sample line of an exposition.
struct Sample {
    let name: Substring
    /// The names of the labels, in order.
    let labels: [String]

    /// Parses a line; returns `nil` for a comment or an empty line.
    init?(_ line: Substring) {
        guard !line.hasPrefix("#"), !line.isEmpty else { return nil }
        name = line.prefix { $0 != "{" && $0 != " " }
        // A label's name is between a brace or comma and `="`; quotes in values are escaped.
        var names: [String] = []
        var rest = line.dropFirst(name.count)
        while let start = rest.firstIndex(where: { $0 != "{" && $0 != "," }), let equals = rest.firstIndex(of: "="),
            rest[equals...].hasPrefix("=\"")
        {
            names.append(String(rest[start..<equals]))
            var end = rest.index(equals, offsetBy: 2)
            while end < rest.endIndex, rest[end] != "\"" {
                end = rest.index(end, offsetBy: rest[end] == "\\" ? 2 : 1, limitedBy: rest.endIndex) ?? rest.endIndex
            }
            rest = rest[end...].dropFirst()
        }
        labels = names
    }

    static func all(in exposition: String) -> [Sample] {
        exposition.split(separator: "\n").compactMap(Sample.init)
    }
}

@Suite("Catalogue")
struct CatalogueTests {
    @Test func `the lint finds no problem in any metric`() {
        #expect(Catalogue.descriptors.flatMap(Lint.findings) == [])
    }

    @Test func `metric names are unique`() {
        let names = Catalogue.descriptors.map(\.name)
        #expect(Set(names).count == names.count)
        for descriptor in Catalogue.printerSchema.descriptors { #expect(descriptor.labels.first == "printer") }
    }

    /// Metrics that no fixture's messages contain, with the reason.
    private static let withoutFixture = [
        "bambu_down_reason_info": "every fixture's printer is up",
        "bambu_printer_certificate_expiry_timestamp_seconds": "the TLS handshake provides it, not messages",
        "bambu_cloud_printer_online": "only the account reports it; see AccountTests",
        "bambu_cloud_print_status": "only the account reports it; see AccountTests",
        "bambu_cloud_camera_info": "only the account reports it; see AccountTests",
        "bambu_cloud_task_planned_grams": "only the account reports it; see AccountTests",
        "bambu_cloud_task_planned_seconds": "only the account reports it; see AccountTests",
        "bambu_cloud_task_start_timestamp_seconds": "only the account reports it; see AccountTests",
        "bambu_cloud_task_tray_grams": "only the account reports it; see AccountTests",
    ]

    @Test func `every printer metric occurs in a fixture's exposition`() throws {
        var seen: Set<String> = []
        for fixture in Fixture.all {
            seen.formUnion(Sample.all(in: try fixture.exposition()).map { String($0.name) })
        }
        let missing = Catalogue.printerSchema.descriptors.map(\.name).filter { !seen.contains($0) }
        #expect(missing.sorted() == Self.withoutFixture.keys.sorted())
    }

    @Test(arguments: Fixture.all)
    func `samples have the labels that the catalogue declares`(fixture: Fixture) throws {
        let declared = Dictionary(uniqueKeysWithValues: Catalogue.descriptors.map { ($0.name, $0.labels) })
        for sample in Sample.all(in: try fixture.exposition()) {
            #expect(sample.labels == declared[String(sample.name)], "\(sample.name)")
        }
    }

    @Test func `every model has a fixture`() throws {
        let models = Set(try Fixture.all.map { try $0.printer().model.name })
        #expect(models.isSuperset(of: Model.known.map(\.name)))
    }

    @Test func `the catalogue contains metrics of every group`() {
        let names = Set(Catalogue.descriptors.map(\.name))
        #expect(
            names.isSuperset(of: [
                "bambu_up", "bambu_hms_messages", "bambu_ams_tray_info", "bambu_exporter_build_info",
                "process_open_fds",
            ]))
    }
}

@Suite("Presence")
struct PresenceTests {
    private func names(_ snapshot: PrinterSnapshot) -> Set<String> {
        Set(
            Sample.all(in: String(decoding: Exposition.of([snapshot], in: .text), as: UTF8.self)).map {
                String($0.name)
            })
    }

    /// The metrics that every printer has in any state.
    private static let always: Set = [
        "bambu_up", "bambu_printer_info", "bambu_mqtt_connected", "bambu_mqtt_connects_total",
        "bambu_mqtt_connect_failures_total",
        "bambu_mqtt_messages_total", "bambu_mqtt_message_bytes_total", "bambu_mqtt_messages_rejected_total",
        "bambu_report_fields_rejected_total", "bambu_prints_started_total", "bambu_prints_finished_total",
        "bambu_prints_failed_total",
        "bambu_prints_cancelled_total", "bambu_printer_state_seconds_total",
    ]

    @Test func `a printer without reports has link, identity and counters`() {
        let snapshot = PrinterSnapshot(
            name: "p", transport: .lan, link: Link(), printer: Printer(serial: "01P00A000000000"))
        #expect(names(snapshot) == Self.always.union(["bambu_down_reason_info"]))
    }

    @Test(arguments: Fixture.all)
    func `a printer that is down loses only its telemetry`(fixture: Fixture) throws {
        var snapshot = try fixture.snapshot()
        snapshot.link.isUp = false
        snapshot.link.downReason = .silent
        let stays: Set = [
            "bambu_down_reason_info", "bambu_last_report_timestamp_seconds", "bambu_firmware_module_info",
            "bambu_filament_used_grams_total", "bambu_nozzle_print_seconds_total", "bambu_hotend_print_seconds_total",
            "bambu_camera_frames_total", "bambu_camera_probes_total",
            "bambu_camera_probe_failures_total",
        ]
        let names = names(snapshot)
        #expect(
            names.isSuperset(of: Self.always.union(["bambu_down_reason_info", "bambu_last_report_timestamp_seconds"])))
        #expect(names.isSubset(of: Self.always.union(stays)))
    }

    @Test func `a printer that is up has the series of all enum values`() {
        let text = String(
            decoding: Exposition.of([.up(Printer("{\"print\":{\"mc_percent\":5}}"))], in: .text), as: UTF8.self)
        #expect(text.matches(of: /bambu_hms_messages\{.*\} 0/).count == 5)
        #expect(text.matches(of: /bambu_printer_state\{.*\} 0/).count == 9)
        #expect(text.matches(of: /bambu_printer_state_seconds_total\{.*\} 0/).count == 10)
        #expect(text.contains(#"bambu_printer_state{printer="p",state="unknown"} 1"#))
        #expect(text.matches(of: /bambu_mqtt_connect_failures_total\{.*\} 0/).count == 7)
        #expect(text.matches(of: /bambu_mqtt_messages_rejected_total\{.*\} 0/).count == 3)
    }

    @Test(arguments: [
        (#""rtsp_url":"disable""#, false), (#""ipcam_dev":"0""#, false), (#""ipcam_dev":"1""#, true),
        (#""rtsp_url":"rtsps://1.2.3.4/streaming/live/1""#, true),
    ])
    func `a camera that is switched off is neither up nor down`(status: String, isExpected: Bool) {
        var snapshot = PrinterSnapshot.up(Printer(#"{"print":{"ipcam":{\#(status)}}}"#))
        var reading = CameraReading()
        reading.isUp = false
        snapshot.camera = reading
        #expect(names(snapshot).contains("bambu_camera_up") == isExpected)
        #expect(names(snapshot).contains("bambu_camera_probes_total"))
    }

    @Test func `task and file names are hidden if job_info is off`() throws {
        var snapshot = PrinterSnapshot.up(
            Printer(#"{"print":{"gcode_state":"RUNNING","subtask_name":"secret","gcode_file":"secret"}}"#))
        #expect(names(snapshot).contains("bambu_print_job_info"))
        snapshot.showsJobs = false
        #expect(!String(decoding: Exposition.of([snapshot], in: .text), as: UTF8.self).contains("secret"))
    }

    @Test func `the 32 most severe messages have series, all are counted`() {
        let hms = (0..<100).map { #"{"attr":\#($0),"code":\#($0 < 90 ? 0x40001 : 0x10001)}"# }.joined(separator: ",")
        let text = String(
            decoding: Exposition.of([.up(Printer(#"{"print":{"hms":[\#(hms)]}}"#))], in: .text), as: UTF8.self)
        #expect(text.matches(of: /bambu_hms_message_active\{/).count == 32)
        #expect(text.matches(of: /bambu_hms_message_active\{[^}]*fatal/).count == 10)
        #expect(text.contains(#"bambu_hms_messages{printer="p",level="info"} 90"#))
    }
}
