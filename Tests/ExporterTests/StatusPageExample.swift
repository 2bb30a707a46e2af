import BambuMetrics
import BambuProtocol

@testable import Exporter

/// Printers for tests of the page, and the page with them.
enum StatusPageExample {
    static let report = """
        {"print":{"command":"push_status","msg":0,"gcode_state":"RUNNING","mc_percent":42,"mc_remaining_time":80,"layer_num":5,
        "total_layer_num":10,"subtask_name":"Vase","nozzle_temper":219.6,"nozzle_target_temper":220,"bed_temper":60,
        "print_error":0,"wifi_signal":"-52dBm","hms":[],
        "ams":{"tray_now":"0","ams":[{"id":"0","humidity":"2","humidity_raw":"35","temp":"25.0","info":"1001","tray":[
        {"id":"0","state":11,"tray_type":"PETG","tray_color":"1c6e8cFF","remain":80,"tag_uid":"5C3A18F6D4B2907E"},
        {"id":"1","state":11,"tray_type":"PLA","remain":-1},{"id":"2"},{"id":"3"}]}]}}}
        """

    /// A printer that reported at 1000, by replacing parts of `report`.
    static func printer(
        _ name: String = "garage", _ changes: [String: String] = [:], serial: String = "01P00A000000001"
    ) -> PrinterSnapshot {
        var report = report
        for (old, new) in changes {
            precondition(report.contains(old), old)
            report = report.replacing(old, with: new)
        }
        return printer(name, saying: report, serial: serial)
    }

    static func printer(
        _ name: String = "garage", saying reports: String..., serial: String = "01P00A000000001"
    ) -> PrinterSnapshot {
        var printer = Printer(serial: serial)
        for report in reports { _ = Array(report.utf8).withUnsafeBytes { printer.apply($0, at: 1000) } }
        var link = Link()
        link.isUp = true
        return PrinterSnapshot(name: name, transport: .lan, link: link, printer: printer)
    }

    static func idle(_ name: String) -> PrinterSnapshot { printer(name, ["RUNNING": "IDLE"]) }

    /// The printer out of reach; `isForgotten` after the time for which reports are current.
    static func down(
        _ printer: PrinterSnapshot, _ reason: Link.DownReason = .failure(.network), isForgotten: Bool = true
    ) -> PrinterSnapshot {
        var down = printer
        down.link.isUp = false
        down.link.downReason = reason
        if isForgotten { down.printer.forget() }
        return down
    }

    static func page(
        _ printers: [PrinterSnapshot], hints: Hints = Hints(), exporter: ExporterSnapshot = ExporterSnapshot(),
        opened: String? = nil
    ) -> String {
        let published = printers.map {
            PrinterMailbox.Published(snapshot: $0, hints: hints, isTried: true, freshUntil: nil, version: 1)
        }
        return StatusPage.html(
            of: published, exporter: exporter, path: "/bambu", telemetryPath: "/metrics", opened: opened, at: 1010)
    }

    static func texts(_ json: String) -> FaultTexts? {
        guard case .texts(let texts) = FaultTexts.read(Array(json.utf8), language: "en") else { return nil }
        return texts
    }
}
