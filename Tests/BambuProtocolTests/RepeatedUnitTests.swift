import TestSupport
import Testing

@testable import BambuProtocol

/// Compares a printer that skips repeated units with one that reads all of them, because its messages never repeat
/// their bytes.
@Suite("Repeated units")
struct RepeatedUnitTests {
    private struct Messages {
        var random: Seeded

        private mutating func one<Value>(of values: [Value]) -> Value {
            // The lists are never empty.
            values[Int.random(in: 0..<values.count, using: &random)]
        }

        private mutating func tray(_ id: Int) -> String {
            let rest = one(of: ["", #""remain":50"#, #""remain":40,"tray_uuid":"A1""#, #""remain":101"#, #""state":9"#])
            return one(of: [#"{"id":"\#(id)"}"#, Report.tray(id, rest), Report.tray(id, rest), Report.tray(id, rest)])
        }

        private mutating func unit(_ id: Int) -> String {
            let more = one(of: [
                #""humidity":"4""#, #""humidity":"4","info":"1001""#, #""humidity":"2","info":"2003""#,
                #""humidity":"9""#,
            ])
            let trays = (0..<5).filter { _ in one(of: [true, true, false]) }.map { tray($0) }
            return one(of: [
                #"{"id":"\#(id)",\#(more),"tray":[\#(trays.joined(separator: ","))]}"#,
                #"{\#(more),"tray":[\#(trays.joined(separator: ","))],"id":"\#(id)"}"#, #"{"id":"\#(id)",\#(more)}"#,
            ])
        }

        /// Messages from a small number of units, so that most units repeat. A `~` stands for white space.
        mutating func next(from units: [Int: [String]]) -> String {
            let listed = (0..<6).map { _ in one(of: [0, 1, 2, 3, 128]) }.prefix(one(of: [1, 2, 3, 4, 6]))
            let list = one(of: [listed.sorted(), [0, 1, 2, 128]]).map { "~" + one(of: units[$0] ?? []) }
            let members = [
                #""ams":[\#(list.joined(separator: ","))]"#,
                one(of: [#""tray_exist_bits":"1ffff""#, #""tray_exist_bits":"10f5f""#, ""]),
                one(of: ["", "", #""ams_exist_bits":"17""#, #""ams_exist_bits":"0""#]),
                one(of: ["", #""tray_now":"1""#]),
                one(of: ["", "", #""power_on_flag":false"#]),
            ].filter { !$0.isEmpty }
            let object = one(of: [members, members.reversed()]).joined(separator: ",")
            let ams = #""ams":{\#(object)}"#
            return one(of: [
                Report.full(ams), Report.full(ams), Report.full(ams), Report.delta(ams),
                Report.full(#""mc_percent":5"#),
                Report.version(Report.module("n3f/0"), Report.module(one(of: ["ams/1", "n3f/1"]))),
                Report.delta(#""home_flag":\#(one(of: [0, 128]))"#),
                #"{"print":{\#(ams),"command":"push_status","msg":0}}"#,
                #"{"print":{"command":"push_status","msg":0,\#(ams)},"ams":{\#(object)}}"#,
            ])
        }

        mutating func units() -> [Int: [String]] {
            Dictionary(uniqueKeysWithValues: [0, 1, 2, 3, 128].map { id in (id, [unit(id), unit(id)]) })
        }
    }

    /// The printer without what it remembers of the bytes.
    private func forgetful(_ printer: Printer) -> PrinterState? {
        var state = printer.state
        for index in printer.ams.units.indices { state?.ams.units[index].source = nil }
        return state
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `a repeated unit is read as if it did not repeat`(seed: UInt64) {
        var messages = Messages(random: Seeded(seed))
        let units = messages.units()
        // The second serial number is of no known model, whose units may have more slots.
        var skipping = Printer(serial: seed % 2 == 0 ? "00M00A000000000" : "ZZZ00A000000000")
        var reading = skipping
        for number in 0..<40 {
            let message = messages.next(from: units)
            let space = String(repeating: " ", count: 1 + number)
            let outcome = skipping.apply(message.replacing("~", with: ""))
            // White space at the beginning of a unit's object is part of it.
            #expect(reading.apply(message.replacing("~{", with: "{" + space)) == outcome)
            #expect(forgetful(skipping) == forgetful(reading), "\(message)")
            #expect(
                skipping.rejectedFields == reading.rejectedFields && skipping.filament == reading.filament, "\(message)"
            )
        }
    }
}
