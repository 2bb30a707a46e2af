import BambuMetrics
import BambuProtocol
import Foundation
import Testing

@testable import Exporter

@Suite("What needs attention on the page")
struct PrinterAttentionTests {
    private typealias Example = StatusPageExample
    typealias Kind = PrinterAttention.Kind

    private func attention(_ printer: PrinterSnapshot, _ hints: Hints = Hints()) -> PrinterAttention {
        PrinterAttention(of: printer, hints: hints, clock: LocalClock(now: 1010))
    }

    private func kinds(_ printer: PrinterSnapshot) -> [Kind] { attention(printer).problems.map(\.kind) }

    private func text(_ printer: PrinterSnapshot, _ hints: Hints = Hints()) -> String {
        attention(printer, hints).problems.map(\.text.text).joined(separator: "\n")
    }

    private static let serious = ["\"hms\":[]": "\"hms\":[{\"attr\":50336000,\"code\":131074}]"]

    @Test func `a printer in order needs none`() {
        #expect(kinds(Example.printer()).isEmpty && kinds(Example.idle("a")).isEmpty)
        #expect(kinds(Example.printer("a", ["RUNNING": "FINISH"])).isEmpty)
    }

    @Test(
        arguments: [
            (["RUNNING": "FAILED"], [Kind.failed]),
            (["RUNNING": "FAILED", "\"print_error\":0": "\"print_error\":50348044"], []),
            (["RUNNING": "PAUSE"], [.paused]),
            (["\"print_error\":0": "\"print_error\":50364419"], [.error]),
            (["\"print_error\":0": "\"print_error\":50364419", "RUNNING": "IDLE"], []),
            (["\"print_error\":0": "\"print_error\":50364417"], []),
            (serious, [.serious]),
            (["\"hms\":[]": "\"hms\":[{\"attr\":50336000,\"code\":65538}]"], [.fatal]),
            (["\"hms\":[]": "\"hms\":[{\"attr\":50336000,\"code\":196610}]"], []),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"40\""], []),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"41\""], [.damp]),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"60\""], [.damp]),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"61\""], [.wet]),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"61\",\"dry_time\":30"], []),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"0\""], [.damp]),
            (["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"0\"", "\"humidity\":\"2\"": "\"humidity\":\"3\""], []),
            (["\"remain\":80": "\"remain\":10"], []),
            (["\"remain\":80": "\"remain\":9"], [.spoolLow]),
            (["\"remain\":80": "\"remain\":4"], [.spoolInUse]),
            (["\"remain\":80": "\"remain\":4", "RUNNING": "IDLE"], [.spoolLow]),
            (["\"remain\":80": "\"remain\":4", "\"tray_now\":\"0\"": "\"tray_now\":\"1\""], [.spoolLow]),
        ] as [([String: String], [Kind])])
    func `the problems are those of the alert rules`(changes: [String: String], expected: [Kind]) {
        #expect(kinds(Example.printer("a", changes)) == expected)
    }

    @Test func `the worst problem comes first, of one printer and of all`() throws {
        let many = Example.printer(
            "many",
            Self.serious.merging([
                "RUNNING": "FAILED", "\"humidity_raw\":\"35\"": "\"humidity_raw\":\"61\"",
                "\"remain\":80": "\"remain\":3",
            ]) { $1 })
        #expect(kinds(many) == [.failed, .serious, .wet, .spoolLow])
        let damp = Example.printer("damp", ["\"humidity_raw\":\"35\"": "\"humidity_raw\":\"50\""])
        let paused = Example.printer("paused", ["RUNNING": "PAUSE"])
        let page = Example.page([
            damp, Example.down(Example.idle("off")), paused, many, Example.down(Example.printer("lost")),
        ])
        let list = try #require(page.components(separatedBy: "<h2>").first { $0.hasPrefix("Needs attention") })
        let places = ["lost", "many", "paused", "off", "damp"].map { list.firstRange(of: ">\($0)</a>")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    }

    @Test(arguments: [true, false]) func `a lost printer says what it was printing, and since when it is gone`(
        isForgotten: Bool
    ) throws {
        let lost = Example.down(Example.printer(), isForgotten: isForgotten)
        #expect(kinds(lost) == [.lost])
        let time = try #require(LocalClock(now: 1010).text(1000))
        #expect(
            text(lost, Hints(link: "the connection was lost. Is it on"))
                == "It was printing: Vase at 42 %. Gone since \(time), 10 s ago. <strong>The connection was lost.</strong> Is it on."
        )
        // None of its old readings is shown as a current one.
        #expect(!Example.page([lost]).contains("220") && !Example.page([lost]).contains("PETG"))
    }

    @Test func `a lost printer names no job where names are not exported`() {
        var lost = Example.printer()
        lost.showsJobs = false
        #expect(text(Example.down(lost)).hasPrefix("It was printing: a print at 42 %. "))
        #expect(!Example.page([lost, Example.down(lost)]).contains("Vase"))
    }

    @Test func `a printer that was idle is down, and one that reports again is not`() {
        let off = Example.down(Example.idle("a"))
        #expect(kinds(off) == [.down] && !text(off).contains("printing"))
        var back = off
        back.link.isUp = true
        #expect(kinds(back).isEmpty)
    }

    @Test func `a printer that was not tried yet needs no attention`() {
        var new = PrinterSnapshot(name: "a", transport: .lan, link: Link(), printer: Printer(serial: "01P00A000000001"))
        #expect(kinds(new).isEmpty && Example.page([new]).contains(">connecting<"))
        new.link.downReason = .neverReported
        #expect(kinds(new) == [.down])
        #expect(
            text(new).contains(
                "<strong>The printer sends no reports.</strong> Check that it is on and that its serial number is correct."
            ))
    }

    @Test func `messages and errors show their words, and their codes lead to the wiki`() throws {
        var printer = Example.printer(
            "a", Self.serious.merging(["\"print_error\":0": "\"print_error\":50364419"]) { $1 })
        printer.faultTexts = Example.texts(
            """
            {"result":0,"data":{"device_hms":{"en":[{"ecode":"0300110000020002","intro":"The Y axis is noisy."}]},
            "device_error":{"en":[{"ecode":"03008003","intro":"Spaghetti was found."}]}}}
            """)
        #expect(printer.faultTexts != nil)
        let text = text(printer)
        let link = "<a class=\"code\" href=\"https://wiki.bambulab.com/en/hms/home\" rel=\"noreferrer\">"
        #expect(text.contains("Spaghetti was found. \(link)0300_8003</a>"))
        #expect(text.contains("The Y axis is noisy. \(link)HMS_0300_1100_0002_0002</a>"))
    }
}
