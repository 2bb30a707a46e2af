import BambuMetrics
import BambuProtocol
import Foundation
import Testing

@testable import Exporter

@Suite("The status page")
struct StatusPageTests {
    private typealias Example = StatusPageExample

    /// The parts of the page from one heading to the next, by heading.
    private func sections(_ page: String) -> [String: String] {
        let parts = page.components(separatedBy: "<h2>").dropFirst()
        return Dictionary(
            uniqueKeysWithValues: parts.map {
                (String($0.prefix { $0 != "<" && $0 != "\n" }).trimmingCharacters(in: .whitespaces), $0)
            })
    }

    @Test func `a printer with a job has a card in words and numbers`() {
        let changes = ["\"hms\":[]": "\"hms\":[{\"attr\":50336000,\"code\":131074}]", "\"remain\":80": "\"remain\":8"]
        let page = Example.page([Example.printer("garage", changes)])
        for text in [
            "<article class=\"card", ">garage</a></h3>", ">printing<", "42 % · 1 h 20 min left · layer 5 of 10", "Vase",
            "220 / 220 °C", "AMS A <small>35 % humidity, fair, 25 °C", "background:#1C6E8C", "PETG", "8 %",
            "class=\"lowest\"", "not tracked", "A3</span><span>empty", "HMS_0300_1100_0002_0002", "Wi-Fi -52 dBm",
            "last report 10 s ago",
        ] { #expect(page.contains(text), "\(text)") }
    }

    @Test func `the end of a job has a clock time, and a paused one has none`() throws {
        let end = try #require(LocalClock(now: 1010).text(1000 + 80 * 60))
        #expect(Example.page([Example.printer()]).contains("<strong>done at \(end)</strong>"))
        let paused = Example.page([Example.printer("garage", ["RUNNING": "PAUSE"])])
        #expect(paused.contains("1 h 20 min left") && !paused.contains("done at"))
    }

    @Test func `the spool that feeds the nozzle is marked, in the card and in the row`() {
        for printer in [Example.printer(), Example.idle("garage")] {
            #expect(Example.page([printer]).components(separatedBy: "in use</b>").count == 2)
        }
        let other = Example.page([Example.printer("garage", ["\"tray_now\":\"0\"": "\"tray_now\":\"255\""])])
        #expect(!other.contains("in use"))
    }

    @Test(arguments: [("0", "1001", "AMS A"), ("1", "1003", "AMS 2 Pro B"), ("128", "1004", "AMS HT-A")])
    func `a unit carries its letter`(id: String, info: String, name: String) {
        let printer = Example.printer(
            "garage", ["{\"id\":\"0\",\"humidity\"": "{\"id\":\"\(id)\",\"humidity\"", "1001": info])
        #expect(Example.page([printer]).contains("<h4>\(name) <small>"))
    }

    @Test func `problems come first, then a card for each printer with a job, then a row for each other one`() throws {
        let failed = Example.printer("shed", ["RUNNING": "FAILED"])
        let page = Example.page([
            Example.idle("desk"), Example.printer("garage"), failed, Example.down(Example.printer("attic")),
        ])
        let order = ["Needs attention", "Printing", "Not printing"].map { page.firstRange(of: "<h2>\($0)")?.lowerBound }
        #expect(order.allSatisfy { $0 != nil } && order.compactMap { $0 } == order.compactMap { $0 }.sorted())
        let parts = sections(page)
        #expect(
            try #require(parts["Needs attention"]).components(separatedBy: "<article class=\"entry is-bad\">").count
                == 3)
        let cards = try #require(parts["Printing"])
        #expect(cards.components(separatedBy: "<article").count == 2 && cards.contains(">garage</a>"))
        let rows = try #require(parts["Not printing"])
        #expect(rows.components(separatedBy: "<article class=\"row").count == 4)
        for name in ["desk", "shed", "attic"] { #expect(rows.contains(">\(name)</a>")) }
    }

    @Test func `if many printers have a job, each card is brief; the opened one has everything`() {
        let printers = (1...12).map { Example.printer("p\($0)") }
        #expect(!Example.page(Array(printers.prefix(11))).contains("card brief"))
        let page = Example.page(printers, opened: "p3")
        #expect(page.components(separatedBy: "<article class=\"card\">").count == 2)
        let all = Example.page(printers)
        let cards = all.components(separatedBy: "<article class=\"card brief\">").dropFirst()
        #expect(cards.count == 12 && !all.contains("Nozzle"))
        #expect(cards.allSatisfy { $0.contains("Vase") && $0.contains("done at") && $0.contains("in use</b>") })
    }

    @Test func `without a problem there is no list of problems`() {
        #expect(!Example.page([Example.printer(), Example.idle("desk")]).contains("Needs attention"))
    }

    @Test func `the title counts what printers do`() {
        let two = [Example.printer("a"), Example.printer("b", ["RUNNING": "PREPARE"])]
        let failed = Example.printer("c", ["RUNNING": "FAILED"])
        let cancelled = Example.printer("d", ["RUNNING": "FAILED", "\"print_error\":0": "\"print_error\":50348044"])
        #expect(Example.page(two + [failed, cancelled]).contains("<title>2 printing, 1 failed</title>"))
        #expect(Example.page([Example.idle("a"), Example.idle("b")]).contains("<title>2 idle</title>"))
        #expect(Example.page([Example.down(failed)]).contains("<title>1 down</title>"))
        #expect(Example.page([]).contains("<title>bambu_exporter</title>"))
    }

    @Test func `the icon is another one while a printer needs attention`() {
        let calm = Example.page([Example.printer()])
        let bad = Example.page([Example.printer("garage", ["RUNNING": "FAILED"])])
        #expect(calm.contains("<link rel=\"icon\" href=\"data:image/svg+xml,") && calm.contains("%3Ccircle"))
        #expect(bad.contains("%3Cpath") && !bad.contains("%3Ccircle"))
    }

    @Test func `a name opens the printer's card, which then stands first and only once`() {
        let printers = [Example.printer("garage"), Example.idle("a & b")]
        #expect(Example.page(printers).contains("href=\"/bambu/?printer=a%20%26%20b\""))
        let page = Example.page(printers, opened: "a & b")
        #expect(page.contains("<h2>a &amp; b <small><a href=\"/bambu/\">close</a>"))
        #expect(page.components(separatedBy: "<article class=\"card").count == 3 && !page.contains("class=\"row"))
        #expect(!Example.page(printers, opened: "none").contains("close"))
    }

    @Test func `the page refreshes itself, and no link has a fragment, which would stop that`() {
        let page = Example.page([Example.printer("a", ["RUNNING": "FAILED"]), Example.printer("b")])
        #expect(page.contains("<meta http-equiv=\"refresh\" content=\"10\">"))
        #expect(!page.contains("href=\"#"))
    }

    @Test func `a camera is described by its rate, or by its problem`() {
        var seen = Example.printer()
        var reading = CameraReading()
        reading.isUp = true
        reading.picture = CameraReading.Picture(cameraProtocol: .jpeg)
        reading.picture?.framesPerSecond = 0.504
        reading.picture?.isFrozen = true
        seen.camera = reading
        let page = Example.page([seen])
        #expect(page.contains("camera 0.5 pictures a second") && page.contains("The picture does not change."))
        seen.camera = CameraReading()
        let blind = Example.page([seen], hints: Hints(camera: "no answer in time"))
        #expect(blind.contains("<strong>No answer in time.</strong>"))
        var idle = Example.idle("desk")
        idle.camera = CameraReading()
        #expect(Example.page([idle], hints: Hints(camera: "no answer in time")).contains("no camera picture"))
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
        let page = Example.page([], exporter: exporter)
        #expect(page.contains("class=\"banner\"") == isThere)
        #expect(page.contains("<code>bambu_exporter login</code>") == isThere)
    }

    @Test func `no text from outside becomes markup`() {
        let evil = #"</p><script>alert(1)</script>\" onload=x '&"#
        let changes = ["Vase": evil, "PETG": evil, "\"hms\":[]": "\"hms\":[{\"attr\":50336000,\"code\":131074}]"]
        var printer = Example.printer(evil.replacing("\\", with: ""), changes)
        printer.faultTexts = Example.texts(
            #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"0300110000020002","intro":"<script>x</script>"}]}}}"#)
        let idle = Example.printer(evil.replacing("\\", with: ""), changes.merging(["RUNNING": "FAILED"]) { $1 })
        for printer in [printer, idle, Example.down(printer), Example.down(idle)] {
            for opened in [nil, printer.name] {
                let html = Example.page([printer], hints: Hints(link: evil, camera: evil), opened: opened)
                #expect(!html.contains("<script"))
                #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
            }
        }
        #expect(Example.page([printer]).contains("&lt;script&gt;x&lt;/script&gt;"))
    }

    @Test func `it runs no script, loads nothing, and is whole with no printer and with a hundred`() {
        #expect(Example.page([]).contains("No printer is configured."))
        let failed = (0..<100).map { Example.printer("p\($0)", ["RUNNING": "FAILED"]) }
        let html = Example.page(failed)
        #expect(html.components(separatedBy: "<article ").count == html.components(separatedBy: "</article>").count)
        #expect(html.components(separatedBy: "<article class=\"row").count == 101)
        #expect(html.components(separatedBy: "<article class=\"entry").count == 51 && html.contains("and 50 more"))
        #expect(html.contains("100 of 100 printers report, 100 failed."))
        for word in ["<script", "src=", "@import", "url("] { #expect(!html.contains(word)) }
    }
}
