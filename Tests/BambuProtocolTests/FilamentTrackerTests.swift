import Testing

@testable import BambuProtocol

@Suite("FilamentTracker")
struct FilamentTrackerTests {
    private func spool(
        _ remain: Int, _ tag: String = "AA", type: String = "PLA", grams: Int = 1000, unit: Int = 0,
        info: String = "1001"
    ) -> String {
        #"{"id":"\#(unit)","info":"\#(info)","tray":[{"id":"0","tray_type":"\#(type)","tag_uid":"\#(tag)","remain":\#(remain),"tray_weight":"\#(grams)"}]}"#
    }

    private func grams(_ units: String...) -> [String: Double] {
        var printer = Printer(serial: "")
        for unit in units { printer.report(unit.hasPrefix("\"") ? unit : #""ams":{"ams":[\#(unit)]}"#) }
        return printer.filament.grams.mapValues { $0.rounded() }
    }

    @Test func `falls count, rises and swaps do not`() {
        #expect(grams(spool(50)) == [:])
        #expect(grams(spool(50), spool(49), spool(47)) == ["PLA": 30])
        #expect(grams(spool(50), spool(49, grams: 250), spool(48, grams: 250)) == ["PLA": 3])
        #expect(grams(spool(50), spool(60), spool(59)) == ["PLA": 10])
        #expect(grams(spool(80, "AA"), spool(60, "BB"), spool(50, "BB"), spool(80, "AA")) == ["PLA": 100])
        #expect(grams(spool(50), spool(-1), spool(48)) == ["PLA": 20])
        #expect(grams(spool(50, grams: 0), spool(40, grams: 0)) == [:])
        #expect(grams(spool(50), spool(50, type: "ABS"), spool(49, type: "ABS")) == ["ABS": 10])
    }

    @Test func `what a spool lost while it was out counts nothing`() {
        #expect(grams(spool(80), #""ams":{"tray_exist_bits":"0"}"#, spool(50), spool(49)) == ["PLA": 10])
    }

    @Test func `an AMS Lite that does not track counts nothing`() {
        #expect(grams(spool(100, info: "1002"), spool(0, info: "1002")) == [:])
        #expect(grams(spool(50, info: "1002"), spool(49, info: "1002")) == ["PLA": 10])
    }

    @Test func `a fall across a gap counts`() {
        var printer = Printer(Report.delta(#""ams":{"ams":[\#(spool(50))]}"#))
        printer.forget()
        printer.report(#""ams":{"ams":[\#(spool(40))]}"#)
        #expect(printer.filament.grams["PLA"]?.rounded() == 100)
    }

    @Test func `beyond 32 materials they are others`() {
        var printer = Printer(serial: "")
        for number in 0..<40 {
            printer.report(#""ams":{"ams":[\#(spool(50, "T\(number)", type: "M\(number)"))]}"#)
            printer.report(#""ams":{"ams":[\#(spool(49, "T\(number)", type: "M\(number)"))]}"#)
        }
        #expect(printer.filament.grams.count == 33)
        #expect(printer.filament.grams["other"]?.rounded() == 80)
    }
}
