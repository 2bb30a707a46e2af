import Testing

@testable import BambuProtocol

@Suite("UnitID")
struct UnitIDTests {
    @Test(
        arguments: [
            (0, 4, 0, 0, "A2"), (3, 4, 3, 12, "D2"), (16, 4, 12, 24, "A2"), (128, 1, 4, 16, "HT-A2"),
            (135, 1, 11, 23, "HT-H2"), (40, 0, nil, nil, "40-2"), (4, 0, nil, nil, "4-2"),
        ] as [(Int, Int, Int?, Int?, String)])
    func `an id tells slots, bits and names`(id: Int, slots: Int, existBit: Int?, trayBit: Int?, label: String) throws {
        let unit = try #require(UnitID(id))
        #expect(unit.slotCount == slots && unit.existBit == existBit && unit.firstTrayBit == trayBit)
        #expect(unit.label(slot: 1) == label)
    }

    @Test func `an AMS HT has one slot, which has no number`() {
        let (first, fourth): (UnitID, UnitID) = (128, 131)
        #expect(first.label(slot: 0) == "HT-A" && fourth.label(slot: 0) == "HT-D")
    }

    @Test(arguments: [-1, 254, 255, 256, .max, .min])
    func `no unit has such an id`(id: Int) {
        #expect(UnitID(id) == nil)
    }

    @Test(
        arguments: [
            (0, 0, 0), (6, 1, 2), (15, 3, 3), (24, 16, 0), (27, 16, 3), (128, 128, 0), (135, 135, 0), (16, nil, nil),
            (28, nil, nil), (136, nil, nil), (-1, nil, nil), (.max, nil, nil), (.min, nil, nil),
        ] as [(Int, Int?, Int?)])
    func `a number over all units names a slot`(number: Int, unit: Int?, slot: Int?) {
        let found = UnitID.slot(number: number)
        #expect(found?.unit.rawValue == unit && found?.slot == slot)
    }
}

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

    @Test func `a unit with an unknown id is taken as it comes`() {
        let printer = Printer(
            Report.full(#""ams":{"ams":[\#(unit(40, info: "1001", slots: 0...1))],"ams_exist_bits":"1"}"#))
        #expect(printer.ams.units.map(\.id) == [40] && printer.ams.units.map(\.slots.count) == [2])
    }

    @Test func `a unit of a known kind has no more slots than that`() {
        let printer = Printer(Report.full(#""ams":{"ams":[\#(unit(0, info: "1003", slots: 0...8))]}"#))
        #expect(printer.ams.units.map(\.slots.count) == [4] && printer.rejectedFields == 5)
    }

    @Test func `no unit has more than 16 slots`() {
        let printer = Printer(Report.full(#""ams":{"ams":[\#(unit(40, info: "1006", slots: 0...20))]}"#))
        #expect(printer.ams.units.map(\.slots.count) == [16] && printer.rejectedFields == 5)
    }
}

@Suite("Slot in use")
struct ActiveFeedTests {
    private func printer(_ prefix: String, _ members: String, units: Int...) -> Printer {
        let list = units.map { Report.unit($0, Report.tray(0), Report.tray(1)) }.joined(separator: ",")
        return Printer(
            serial: prefix + "00A000000000", Report.full(#""ams":{"ams":[\#(list)],"tray_now":"1"}\#(members)"#))
    }

    @Test func `of two units that tray_now can mean none is taken`() {
        #expect(printer("22E", "", units: 0, 1).feed == nil)
        #expect(printer("093", "", units: 0, 1).feed == nil)
        #expect(printer("01P", "", units: 0, 1).feed == .slot(unit: 0, slot: 1))
    }

    @Test func `of two units the one that the job uses is taken`() {
        let job = #","mapping":[65535,257]"#
        #expect(printer("22E", job, units: 0, 1).feed == .slot(unit: 1, slot: 1))
        #expect(printer("22E", #","mapping":[1,257]"#, units: 0, 1).feed == nil)
        #expect(printer("22E", #","mapping":[2,258]"#, units: 0, 1).feed == nil)
    }

    @Test func `the only unit with such a slot is taken`() {
        #expect(printer("22E", "", units: 0).feed == .slot(unit: 0, slot: 1))
        #expect(printer("22E", "", units: 0, 128).feed == .slot(unit: 0, slot: 1))
        #expect(printer("22E", "", units: 1).feed == .slot(unit: 1, slot: 1))
    }

    @Test func `an empty left nozzle has no spool`() {
        let device = #","device":{"extruder":{"state":18,"info":[{"id":0,"snow":65535},{"id":1,"snow":65279}]}}"#
        let printer = printer("094", device, units: 0)
        #expect(printer.toolhead.nozzles.map(\.feed) == [Toolhead.Feed.none, Toolhead.Feed.none])
        #expect(printer.feed == Toolhead.Feed.none)
    }
}
