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

    @Test func `decreases count, increases and swaps do not`() {
        #expect(grams(spool(50)) == ["PLA": 0])
        #expect(grams(spool(50), spool(49), spool(47)) == ["PLA": 30])
        #expect(grams(spool(20), spool(19, grams: 250), spool(18, grams: 250)) == ["PLA": 10])
        #expect(grams(spool(50, grams: 3000), spool(49, grams: 3000)) == ["PLA": 30])
        #expect(grams(spool(50), spool(60), spool(59)) == ["PLA": 0])
        #expect(grams(spool(100), spool(99), spool(100), spool(99), spool(100), spool(98)) == ["PLA": 20])
        #expect(grams(spool(80, "AA"), spool(60, "BB"), spool(50, "BB"), spool(80, "AA")) == ["PLA": 100])
        #expect(grams(spool(50), spool(-1), spool(48)) == ["PLA": 20])
        #expect(grams(spool(50, grams: 0), spool(40, grams: 0)) == [:])
        #expect(grams(spool(50), spool(50, type: "ABS"), spool(49, type: "ABS")) == ["PLA": 0, "ABS": 10])
    }

    @Test func `a decrease while a spool is removed does not count`() {
        #expect(grams(spool(80), #""ams":{"tray_exist_bits":"0"}"#, spool(50), spool(49)) == ["PLA": 10])
    }

    @Test func `an AMS Lite that does not track counts nothing`() {
        #expect(grams(spool(100, info: "1002"), spool(0, info: "1002")) == [:])
        #expect(grams(spool(50, info: "1002"), spool(49, info: "1002")) == ["PLA": 10])
    }

    @Test func `a spool that returns continues from its lowest amount`() {
        let out = #""ams":{"tray_exist_bits":"0"}"#
        #expect(grams(spool(100), spool(99), out, spool(100), spool(99), spool(98)) == ["PLA": 20])
    }

    @Test func `nothing counts while the printer does not estimate`() {
        #expect(grams(#""home_flag":256"#, spool(80), spool(0)) == [:])
        #expect(grams(#""home_flag":128"#, spool(80), #""home_flag":0"#, spool(0)) == ["PLA": 0])
    }

    @Test func `reported grams take precedence over the percentage`() {
        func weighed(_ grams: Int) -> String {
            spool(50).replacing(#""remain":50"#, with: #""remain":50,"remain_g":\#(grams)"#)
        }
        #expect(grams(weighed(412), weighed(400)) == ["PLA": 12])
        #expect(grams(weighed(-1), weighed(412), weighed(400), weighed(-1)) == ["PLA": 12])
        #expect(grams(weighed(-1), weighed(0)) == ["PLA": 500])
    }

    @Test func `the second tag of a spool is of the same spool`() {
        func identified(_ remain: Int, _ tag: String) -> String {
            spool(remain, tag).replacing(#""remain""#, with: #""tray_uuid":"E4","remain""#)
        }
        let out = #""ams":{"tray_exist_bits":"0"}"#
        #expect(grams(identified(80, "AA"), identified(79, "BB")) == ["PLA": 10])
        #expect(grams(identified(80, "AA"), out, identified(80, "BB"), identified(79, "BB")) == ["PLA": 10])
        #expect(grams(identified(79, "AA"), out, identified(80, "BB"), identified(79, "BB")) == ["PLA": 0])
    }

    @Test func `a spool that runs out counts down to zero`() {
        let printing = #""gcode_state":"RUNNING""#
        let feeding = #""ams":{"tray_now":"0","ams":[\#(spool(3))]}"#
        #expect(grams(printing, feeding, #""ams":{"tray_exist_bits":"0"}"#) == ["PLA": 30])
        #expect(grams(printing, spool(3), #""ams":{"tray_now":"1","tray_exist_bits":"0"}"#) == ["PLA": 0])
        let message = #""hms":[{"attr":117448704,"code":131073}]"#
        let noMessage = #""hms":[]"#
        #expect(grams(noMessage, spool(3), message, spool(2), spool(50, "BB"), spool(50, "BB")) == ["PLA": 30])
    }

    @Test func `a message from before a gap is not about the spool that was inserted since`() {
        let message = #""hms":[{"attr":117448704,"code":131073}]"#
        var printer = Printer(Report.delta(#""hms":[],"ams":{"ams":[\#(spool(3))]}"#))
        printer.report(message)
        printer.report(#""ams":{"ams":[\#(spool(90, "BB"))]}"#)
        printer.forget()
        printer.report(#"\#(message),"ams":{"ams":[\#(spool(90, "BB"))]}"#)
        #expect(printer.filament.grams["PLA"]?.rounded() == 30)
    }

    @Test func `a decrease across a gap counts`() {
        var printer = Printer(Report.delta(#""ams":{"ams":[\#(spool(50))]}"#))
        printer.forget()
        printer.report(#""ams":{"ams":[\#(spool(40))]}"#)
        #expect(printer.filament.grams["PLA"]?.rounded() == 100)
    }

    @Test func `more than 32 materials are counted as other`() {
        var printer = Printer(serial: "")
        for number in 0..<40 {
            printer.report(#""ams":{"ams":[\#(spool(50, "T\(number)", type: "M\(number)"))]}"#)
            printer.report(#""ams":{"ams":[\#(spool(49, "T\(number)", type: "M\(number)"))]}"#)
        }
        #expect(printer.filament.grams.count == 33)
        #expect(printer.filament.grams["other"]?.rounded() == 80)
    }
}
