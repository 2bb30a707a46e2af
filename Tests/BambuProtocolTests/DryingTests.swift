import Testing

@testable import BambuProtocol

@Suite("Drying")
struct DryingTests {
    private func drying(_ members: String, id: Int = 0) -> (unit: AMSUnit?, rejected: Int) {
        let printer = Printer(Report.full(#""ams":{"ams":[{"id":"\#(id)",\#(members)}]}"#))
        return (printer.ams.units.first, printer.rejectedFields)
    }

    @Test(
        arguments: [
            ("2103", .off), ("142023", .drying), ("1123", .drying), ("1013", .checking), ("1033", .cooling),
            ("1043", .stopping), ("1053", .error), ("1064", .thermalRunaway), ("1074", .factoryTest), ("1084", nil),
            ("1026", .drying), ("2001", nil), ("1022", nil), ("30001005", nil),
        ] as [(String, Drying.State?)])
    func `info contains the drying state`(info: String, state: Drying.State?) {
        #expect(drying(#""info":"\#(info)""#).unit?.dryingState == state)
    }

    @Test(
        arguments: [
            ("[]", [], 0), ("[8,1,8]", ["too_many_units_drying", "power_adapter_missing"], 0),
            ("[3]", ["filament_at_outlet"], 0), ("[\"0\"]", ["printer_busy"], 0),
            ("[10,9,77]", ["reason_9", "filament_stuck_at_outlet", "reason_77"], 0), ("null", [], 0), ("5", [], 1),
            ("[-1]", [], 1),
        ] as [(String, [String], Int)])
    func `reasons against drying are reported by name`(wire: String, reasons: [String], rejected: Int) {
        let found = drying(#""dry_sf_reason":\#(wire)"#)
        #expect(found.unit?.drying.blockedReasons == reasons && found.rejected == rejected)
    }

    @Test func `more than sixteen reasons are dropped and counted`() {
        let found = drying(#""dry_sf_reason":[\#((20..<40).map(String.init).joined(separator: ","))]"#)
        #expect(found.unit?.drying.blockedReasons.count == 16 && found.rejected == 4)
    }
}
