import BambuMetrics
import BambuProtocol
import Foundation
import Testing

@testable import Exporter

@Suite("The status page")
struct StatusPageTests {
    private func printer(_ report: String, serial: String = "01P00A000000001", name: String = "garage")
        -> PrinterSnapshot
    {
        var printer = Printer(serial: serial)
        _ = Array(report.utf8).withUnsafeBytes { printer.apply($0, at: 1000) }
        var link = Link()
        link.isUp = true
        return PrinterSnapshot(name: name, transport: .lan, link: link, printer: printer)
    }

    private func page(
        _ printers: PrinterSnapshot..., hints: Hints = Hints(), exporter: ExporterSnapshot = ExporterSnapshot()
    ) -> String {
        let published = printers.map {
            PrinterMailbox.Published(snapshot: $0, hints: hints, isTried: true, freshUntil: nil, version: 1)
        }
        return StatusPage.html(of: published, exporter: exporter, telemetryPath: "/metrics", at: 1010)
    }

    private static let report = """
        {"print":{"command":"push_status","gcode_state":"RUNNING","mc_percent":42,"mc_remaining_time":80,"layer_num":5,
        "total_layer_num":10,"subtask_name":"Vase","nozzle_temper":219.6,"nozzle_target_temper":220,"bed_temper":60,
        "print_error":0,"wifi_signal":"-52dBm","hms":[{"attr":50336000,"code":131074}],
        "ams":{"ams":[{"id":"0","humidity":"2","humidity_raw":"45","temp":"25.0","info":"1001","tray":[
        {"id":"0","state":11,"tray_type":"PETG","tray_color":"1c6e8cFF","remain":8,"tag_uid":"5C3A18F6D4B2907E"},
        {"id":"1","state":11,"tray_type":"PLA","remain":-1},{"id":"2"},{"id":"3"}]}]}}}
        """

    @Test func `a printer at work is told of in words and numbers`() {
        let page = page(printer(Self.report))
        for text in [
            "<h2>garage</h2>", ">printing<", "42 % · 1 h 20 min left · layer 5 of 10", "Vase", "220 / 220 °C",
            "damp, 45 % humidity, 25 °C", "background:#1C6E8C", "PETG", "8 %", "class=\"lowest\"", "not tracked",
            "A3</span>empty",
            "HMS_0300_1100_0002_0002", "Wi-Fi -52 dBm", "last report 10 s ago",
        ] { #expect(page.contains(text), "\(text)") }
    }

    @Test func `its bounds are those of the alerts`() throws {
        let file = PackageFolder.url.appending(path: "alerts/config.libsonnet")
        let limits = try String(contentsOf: file, encoding: .utf8)
        #expect(limits.contains("humidityPercent: { warning: 40, critical: 60 }"))
        #expect([40, 40.5, 60, 60.5].map(Words.humidity) == ["fair", "damp", "damp", "wet"])
        #expect(limits.contains("filamentPercent: { dashboard: 20, low: 10, "))
        #expect(SpoolList.low == 20 && SpoolList.lowest == 10)
    }

    @Test func `a printer that is down says why and what to do, and shows nothing of before`() {
        var down = printer(Self.report)
        down.link.isUp = false
        down.link.downReason = .failure(.auth)
        let page = page(
            down, hints: Hints(link: "the access code was refused. Compare the access code with the screen"))
        #expect(page.contains("<strong>The access code was refused.</strong> Compare the access code with the screen."))
        #expect(page.contains("Last report 10 s ago.") && !page.contains("220") && !page.contains("PETG"))
    }

    @Test func `without advice of its own there is some by the reason`() {
        var down = printer("{}")
        down.link.isUp = false
        down.link.downReason = .neverReported
        #expect(
            page(down).contains(
                "<strong>The printer sends no reports.</strong> Check that it is on and that its serial number is correct."
            ))
    }

    @Test func `a camera is told of by its rate, or by what is wrong with it`() {
        var seen = printer(Self.report)
        var reading = CameraReading()
        reading.isUp = true
        reading.picture = CameraReading.Picture(language: .jpeg)
        reading.picture?.framesPerSecond = 0.504
        reading.picture?.isFrozen = true
        seen.camera = reading
        #expect(page(seen).contains("0.5 pictures a second <strong>the picture stands still</strong>"))
        seen.camera = CameraReading()
        #expect(page(seen, hints: Hints(camera: "no answer in time")).contains("<strong>No answer in time.</strong>"))
    }

    @Test(arguments: [
        (Optional(Double(20 * 86_400)), false, false), (13.5 * 86_400, false, true), (-5, false, true),
        (nil, true, true),
    ])
    func `a banner stands from 14 days before the token's end, with the command that renews it`(
        left: Double?, isRefused: Bool, isThere: Bool
    ) {
        var exporter = ExporterSnapshot()
        var account = AccountSnapshot()
        account.tokenExpiry = left.map { 1010 + $0 }
        account.isRefused = isRefused
        exporter.account = account
        let page = page(exporter: exporter)
        #expect(page.contains("class=\"banner\"") == isThere)
        #expect(page.contains("<code>bambu_exporter login</code>") == isThere)
    }

    @Test func `nothing from outside is taken for markup`() {
        let evil = #"</p><script>alert(1)</script>\" onload=x '&"#
        let report = Self.report.replacing("Vase", with: evil).replacing("PETG", with: evil)
        var printer = printer(report, name: evil.replacing("\\", with: ""))
        printer.link.isUp = true
        let html = page(printer, hints: Hints(link: evil, camera: evil))
        #expect(!html.contains("<script"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        printer.link.isUp = false
        #expect(!page(printer, hints: Hints(link: evil)).contains("<script"))
    }

    @Test func `it runs no script, loads nothing, and is whole with no printer and with a hundred`() {
        #expect(page().contains("No printer is configured."))
        let one = PrinterMailbox.Published(snapshot: printer(Self.report), isTried: true, freshUntil: nil, version: 1)
        let html = StatusPage.html(
            of: Array(repeating: one, count: 100), exporter: ExporterSnapshot(), telemetryPath: "/metrics", at: 1010)
        #expect(html.split(separator: "<article ").count == 101 && html.split(separator: "</article>").count == 101)
        #expect(html.contains("100 of 100 printers report, 100 printing, 100 with serious messages."))
        #expect(html.contains("Look at <a href=\"#p0\">garage</a>") && html.contains(" and 80 more."))
        for word in ["<script", "src=", "@import", "url("] { #expect(!html.contains(word)) }
    }
}
