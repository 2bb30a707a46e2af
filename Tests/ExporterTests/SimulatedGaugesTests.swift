import BambuMetrics
import BambuProtocol
import Testing

@testable import Exporter
@testable import OpenMetrics
@testable import Simulator

/// A simulated printer, read by the exporter's parser.
private struct Harness {
    private var firmware: SimulatedPrinter
    private var printer: BambuProtocol.Printer
    private var time = 1_700_000_000.0

    init(_ model: PrinterModel) {
        firmware = SimulatedPrinter(model: model, serial: model.serial(number: 1), seed: 7)
        printer = BambuProtocol.Printer(serial: firmware.serial)
        for request in [PrinterRequest.getVersion, .pushAll] {
            let request = SimulatedRequest(payload: request.payload, qualityOfService: 1)
            for answer in firmware.answers(to: request) { apply(answer) }
        }
    }

    private mutating func apply(_ message: [UInt8]) {
        time += 1
        _ = message.withUnsafeBytes { printer.apply($0, at: time) }
    }

    mutating func apply(_ command: Machine.Command, after seconds: Double = 0) {
        firmware.apply(command)
        firmware.advance(to: firmware.machine.uptime + seconds)
        if let report = firmware.report() { apply(report) }
    }

    mutating func set(_ fault: Fault.Kind, _ isOn: Bool) {
        if let command = fault.command(isOn) { apply(command) }
    }

    /// Whether the exposition contains the series with this value.
    func has(_ series: String) -> Bool {
        var link = Link()
        link.isUp = true
        let snapshot = PrinterSnapshot(name: "p", transport: .lan, link: link, printer: printer)
        var body: [UInt8] = []
        Catalogue.printerSchema.assemble([Catalogue.printer.block(of: snapshot)], in: .text, into: &body)
        let line = series.replacing("{", with: #"{printer="p""#)
        return String(decoding: body, as: UTF8.self).contains(line + "\n")
    }
}

@Suite("Simulated gauges")
struct SimulatedGaugesTests {
    @Test(
        arguments: [
            (.h2d, .open, "bambu_lid_open{} 1", "bambu_lid_open{} 0"),
            (
                .p1s, .cardReadOnly, #"bambu_sdcard_state{,state="read_only"} 1"#,
                #"bambu_sdcard_state{,state="normal"} 1"#
            ),
            (.p2s, .cardOut, "bambu_sdcard_present{} 0", "bambu_sdcard_present{} 1"),
            (.x1c, .developerMode, "bambu_developer_mode_enabled{} 1", "bambu_developer_mode_enabled{} 0"),
            (
                .h2s, .exhaust, #"bambu_airduct_mode_info{,mode="exhaust"} 1"#,
                #"bambu_airduct_mode_info{,mode="cooling"} 1"#
            ),
            (
                .x2d, .dryingRefused, #"bambu_ams_drying_blocked_info{,ams="0",reason="power_adapter_missing"} 1"#,
                #"bambu_ams_drying_state{,ams="0",state="off"} 1"#
            ),
        ] as [(PrinterModel, Fault.Kind, String, String)])
    func `a fault is visible while it lasts`(model: PrinterModel, fault: Fault.Kind, during: String, otherwise: String)
    {
        var harness = Harness(model)
        #expect(harness.has(otherwise) && !harness.has(during))
        harness.set(fault, true)
        #expect(harness.has(during))
        harness.set(fault, false)
        #expect(harness.has(otherwise) && !harness.has(during))
    }

    @Test func `a hotend swap shows the mounted one, and hours increase`() {
        var harness = Harness(.h2c)
        let fifth = #"bambu_hotend_info{,hotend="5",place="mounted",diameter="0.4",type="HS01"} 1"#
        #expect(harness.has(fifth) && harness.has(#"bambu_hotend_print_seconds_total{,hotend="6"} 36000"#))
        harness.set(.hotendSwap, true)
        #expect(
            !harness.has(fifth)
                && harness.has(#"bambu_hotend_info{,hotend="6",place="mounted",diameter="0.4",type="HS01"} 1"#))
    }

    @Test func `a print shows filament at the nozzle, hours and a heated chamber`() {
        var harness = Harness(.h2s)
        #expect(harness.has(#"bambu_nozzle_filament_present{,nozzle="0"} 0"#))
        harness.apply(.print(.plain(number: 1, tray: 0)), after: 1500)
        #expect(harness.has(#"bambu_nozzle_filament_present{,nozzle="0"} 1"#))
        #expect(harness.has(#"bambu_chamber_heater_state{,state="idle"} 0"#))
        #expect(!harness.has(#"bambu_nozzle_print_seconds_total{,nozzle="0"} 90000"#))
    }

    @Test func `drying shows the state of the unit`() {
        var harness = Harness(.h2s)
        harness.apply(.dryFirst(celsius: 55, hours: 12))
        #expect(harness.has(#"bambu_ams_drying_state{,ams="0",state="drying"} 1"#))
    }

    @Test func `a spool that runs out is counted to nothing`() {
        var harness = Harness(.h2s)
        harness.apply(.putSpool(left: 0.05))
        harness.apply(.print(.plain(number: 1, tray: 0)), after: 600)
        let nothing = #"bambu_ams_tray_remaining_grams{,ams="0",tray="0",slot="A1"} 0"#
        #expect(!harness.has(nothing))
        harness.apply(.runOut)
        #expect(harness.has(nothing))
        #expect(harness.has(#"bambu_print_error_info{,code="0700_8011",text=""} 1"#))
    }
}
