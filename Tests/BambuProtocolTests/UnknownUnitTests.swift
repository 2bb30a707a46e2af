import Testing

@testable import BambuProtocol

@Suite("Units of unknown kinds")
struct UnknownUnitTests {
    private func unit(_ id: Int, info: String, slots: ClosedRange<Int>) -> String {
        let trays = slots.map { Report.tray($0) }.joined(separator: ",")
        return #"{"id":"\#(id)","tray":[\#(trays)],"info":"\#(info)"}"#
    }

    @Test func `a unit of an unknown kind has the slots that it lists`() {
        let printer = Printer(
            Report.full(#""ams":{"ams":[\#(unit(0, info: "1006", slots: 0...8))],"tray_exist_bits":"f"}"#))
        #expect(printer.ams.units.map(\.slots.count) == [9] && printer.rejectedFields == 0)
        #expect(printer.ams.units.first?.slots.map(\.isPresent) == [Bool](repeating: true, count: 9))
    }

    @Test func `a unit with an unknown id has the slots that it lists`() {
        let printer = Printer(
            Report.full(#""ams":{"ams":[\#(unit(40, info: "1001", slots: 0...1))],"ams_exist_bits":"1"}"#))
        #expect(printer.ams.units.map(\.id) == [40] && printer.ams.units.map(\.slots.count) == [2])
    }

    @Test func `on a new model a unit of no kind has the slots that it lists`() {
        let trays = (0...8).map { Report.tray($0) }.joined(separator: ",")
        var printer = Printer(serial: "", Report.full(#""ams":{"ams":[{"id":"0","tray":[\#(trays)]}]}"#))
        #expect(printer.ams.units.map(\.slots.count) == [9] && printer.rejectedFields == 0)
        printer.apply(Report.version(Report.module("ams/0")))
        #expect(printer.ams.units.map(\.slots.count) == [4])
    }

    @Test func `slots beyond those of a known kind are dropped`() {
        let printer = Printer(Report.full(#""ams":{"ams":[\#(unit(0, info: "1003", slots: 0...8))]}"#))
        #expect(printer.ams.units.map(\.slots.count) == [4] && printer.rejectedFields == 5)
    }

    @Test func `no unit has more than 16 slots`() {
        let printer = Printer(Report.full(#""ams":{"ams":[\#(unit(40, info: "1006", slots: 0...20))]}"#))
        #expect(printer.ams.units.map(\.slots.count) == [16] && printer.rejectedFields == 5)
    }
}
