import Testing

@testable import BambuProtocol

@Suite("Slot in use")
struct ActiveSourceTests {
    private func printer(_ prefix: String, _ members: String, units: Int...) -> Printer {
        let list = units.map { Report.unit($0, Report.tray(0), Report.tray(1)) }.joined(separator: ",")
        return Printer(
            serial: prefix + "00A000000000", Report.full(#""ams":{"ams":[\#(list)],"tray_now":"1"}\#(members)"#))
    }

    @Test func `no slot is chosen if tray_now can mean two units`() {
        #expect(printer("22E", "", units: 0, 1).source == nil)
        #expect(printer("093", "", units: 0, 1).source == nil)
        #expect(printer("01P", "", units: 0, 1).source == .slot(unit: 0, slot: 1))
    }

    @Test func `if tray_now can mean two units, the job's unit is chosen`() {
        let job = #","mapping":[65535,257]"#
        #expect(printer("22E", job, units: 0, 1).source == .slot(unit: 1, slot: 1))
        #expect(printer("22E", #","mapping":[1,257]"#, units: 0, 1).source == nil)
        #expect(printer("22E", #","mapping":[2,258]"#, units: 0, 1).source == nil)
    }

    @Test func `the only unit with such a slot is chosen`() {
        #expect(printer("22E", "", units: 0).source == .slot(unit: 0, slot: 1))
        #expect(printer("22E", "", units: 0, 128).source == .slot(unit: 0, slot: 1))
        #expect(printer("22E", "", units: 1).source == .slot(unit: 1, slot: 1))
    }

    @Test func `an empty left nozzle has no spool`() {
        let device = #","device":{"extruder":{"state":18,"info":[{"id":0,"snow":65535},{"id":1,"snow":65279}]}}"#
        let printer = printer("094", device, units: 0)
        #expect(printer.toolhead.nozzles.map(\.source) == [FilamentSource.none, FilamentSource.none])
        #expect(printer.source == FilamentSource.none)
    }
}
