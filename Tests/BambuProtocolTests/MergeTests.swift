import Testing

@testable import BambuProtocol

@Suite("Merging")
struct MergeTests {
    @Test func `an absent key keeps its value, in full reports too`() {
        var printer = Printer(Report.full(#""mc_percent":7,"bed_temper":60"#))
        printer.report(#""bed_temper":61"#)
        printer.apply(Report.full(#""bed_temper":62"#))
        #expect(printer.job.progress == 7 && printer.bed.measured == 62)
    }

    @Test(arguments: [
        "mc_percent", "layer_num", "gcode_state", "hms", "lights_report", "ams", "vt_tray", "device", "net", "sdcard",
    ])
    func `null changes nothing`(key: String) {
        var printer = Printer(
            Report.full(
                #"""
                "mc_percent":7,"layer_num":3,"gcode_state":"RUNNING","hms":[{"attr":1,"code":65537}],"sdcard":true,
                "lights_report":[{"node":"work_light","mode":"on"}],"vt_tray":{"id":"254","tray_type":"PLA"},
                "ams":{"ams":[\#(Report.unit(0, Report.tray(1)))]},"net":{"conf":16},"device":{"bed":{"info":{"temp":5}}}
                """#))
        let before = printer.state
        printer.report(#""\#(key)":null"#)
        #expect(printer.state == before && printer.rejectedFields == 0)
    }

    @Test(arguments: [
        #""ams":{"ams":[\#(Report.unit(0, Report.tray(2), more: #""humidity":"2""#))]}"#,
        #""ams":{"tray_now":"1"}"#,
        #""ams":{"ams_exist_bits":"0"}"#,
        #""ams":{"power_on_flag":false}"#,
    ])
    func `repeated units are merged again after another change`(between: String) {
        let full = Report.full(
            #""ams":{"ams":[\#(Report.unit(0, Report.tray(1), more: #""humidity":"4""#))],"tray_now":"0","power_on_flag":true}"#
        )
        var printer = Printer(full)
        let before = printer.state
        printer.apply(full)
        #expect(printer.state == before)
        printer.report(between)
        #expect(printer.state != before)
        printer.apply(full)
        #expect(printer.state == before)
    }

    @Test func `if a report lists units twice, the last list wins`() {
        let (first, second) = (Report.unit(0, Report.tray(1)), Report.unit(1, Report.tray(2)))
        let both = Report.full(#""ams":{"ams":[\#(first)]},"ams":{"ams":[\#(second)]}"#)
        let one = Report.full(#""ams":{"ams":[\#(first)]}"#)
        for messages in [[both], [both, both], [one, both], [one, both, one, both]] {
            var printer = Printer(serial: "00M00A000000000")
            for message in messages { printer.apply(message) }
            #expect(printer.ams.units.map(\.id.rawValue) == [1])
        }
    }

    @Test func `invalid fields in repeated units are counted again`() {
        let full = Report.full(#""ams":{"ams":[\#(Report.unit(0, Report.tray(9)))]}"#)
        let printer = Printer(full, full, full)
        #expect(printer.rejectedFields == 3)
    }

    @Test func `messages and lights are replaced as a whole`() {
        var printer = Printer(
            Report.full(
                #""hms":[{"attr":1,"code":65537},{"attr":2,"code":65537}],"lights_report":[{"node":"a_light","mode":"on"}]"#
            ))
        printer.report(#""hms":[{"attr":3,"code":131073}],"lights_report":[{"node":"b_light","mode":"off"}]"#)
        #expect(printer.state?.hms?.map(\.code) == ["HMS_0000_0003_0002_0001"])
        #expect(printer.state?.lights?.map(\.name) == ["b"])
        printer.report(#""hms":[]"#)
        #expect(printer.state?.hms == [])
    }

    @Test(
        arguments: [
            // A partial report keeps the units that it leaves out. A full one does not, regardless of the place of
            // `msg`.
            (Report.delta(#""ams":{"ams":[\#(Report.unit(1))]}"#), [0, 1]),
            (Report.full(#""ams":{"ams":[\#(Report.unit(1))]}"#), [1]),
            (#"{"print":{"ams":{"ams":[{"id":"1"}]},"command":"push_status","msg":0}}"#, [1]),
            (#"{"print":{"ams":{"ams":[{"id":"1"}]},"command":"push_status"}}"#, [0, 1]),
            (Report.full(#""ams":{"ams":[]}"#), []),
            (Report.full(#""ams":{"tray_now":"255"}"#), [0, 1]),
            (Report.full(#""mc_percent":5"#), [0, 1]),
            (Report.delta(#""ams":{"tray_now":"255","version":11}"#), [0, 1]),
            (Report.delta(#""ams":{"ams":[]}"#), [0, 1]),
            // A cleared bit removes a unit, but not while the printer shuts down.
            (Report.delta(#""ams":{"ams_exist_bits":"1"}"#), [0]),
            (Report.delta(#""ams":{"ams_exist_bits":"0"}"#), []),
            (
                Report.delta(#""ams":{"ams":[],"ams_exist_bits":"0","tray_exist_bits":"0","power_on_flag":false}"#),
                [0, 1]
            ),
            (Report.full(#""ams":{"ams":[],"ams_exist_bits":"0","tray_exist_bits":"0","power_on_flag":false}"#), []),
            // A value of the wrong kind removes nothing.
            (Report.full(#""ams":{"ams":"x"}"#), [0, 1]), (Report.full(#""ams":[]"#), [0, 1]),
            (Report.delta(#""ams":{"ams_exist_bits":"zz"}"#), [0, 1]), (Report.full(#""ams":{"ams":null}"#), [0, 1]),
        ] as [(String, [Int])])
    func `units are added and removed by id`(message: String, units: [Int]) {
        var printer = Printer(
            Report.full(
                #""ams":{"ams":[\#(Report.unit(0, Report.tray(0))),\#(Report.unit(1))],"ams_exist_bits":"3","power_on_flag":true}"#
            ))
        printer.apply(message)
        #expect(printer.ams.units.map(\.id.rawValue) == units)
    }

    @Test func `a large report without msg is full`() {
        let filler = (0..<40).map { #""k\#($0)":0"# }.joined(separator: ",")
        var printer = Printer(Report.full(#""ams":{"ams":[\#(Report.unit(0)),\#(Report.unit(1))]}"#))
        let outcome = printer.apply(
            #"{"print":{\#(filler),"command":"push_status","ams":{"ams":[\#(Report.unit(1))]}}}"#)
        #expect(outcome.isFull)
        #expect(printer.ams.units.map(\.id.rawValue) == [1])
    }

    private static let known = Report.full(
        #""ams":{"ams":[\#(Report.unit(0, Report.tray(0, #""remain":50,"tray_weight":"1000""#), Report.tray(1)))]}"#)
    private static let change = #""ams":{"ams":[{"id":"0","tray":[{"id":"0","tray_type":"ABS","state":11}]}]}"#

    @Test func `a tray of a full report replaces its slot`() {
        let slots = Printer(Self.known, Report.full(Self.change)).ams.units[0].slots
        #expect(slots[0].tray.type == "ABS" && slots[0].tray.color == "" && slots[0].tray.remaining == nil)
        #expect(slots[0].tray.grams == nil && !slots[1].isPresent)
    }

    @Test(arguments: [
        Report.delta(change), #"{"print":{\#(change),"command":"push_status","msg":1}}"#,
    ])
    func `a tray of a partial report keeps the values that it omits`(message: String) {
        let slots = Printer(Self.known, message).ams.units[0].slots
        #expect(slots[0].tray.type == "ABS" && slots[0].tray.color == "112233" && slots[0].tray.remaining == 50)
        #expect(slots[0].tray.grams == 1000 && slots[0].isPresent && slots[1].tray.type == "PLA")
    }

    @Test(arguments: [#"{"id":"0"}"#, #"{"id":"0","state":10}"#, #"{"id":"0","state":8,"tray_type":""}"#])
    func `an empty tray of a partial report empties its slot`(tray: String) {
        let printer = Printer(Self.known, Report.delta(#""ams":{"ams":[{"id":"0","tray":[\#(tray)]}]}"#))
        #expect(!printer.ams.units[0].slots[0].isPresent && printer.ams.units[0].slots[0].tray.remaining == nil)
    }

    @Test func `external spools are merged if partial, replaced if full`() {
        var printer = Printer(
            Report.full(
                #""vir_slot":[{"id":"254","tray_type":"PLA"},{"id":"255","tray_type":"PETG","tray_color":"112233FF"}]"#)
        )
        printer.report(#""vir_slot":[{"id":"255","tray_type":"ABS"}]"#)
        #expect(printer.ams.externals.spools.map(\.tray.type) == ["PLA", "ABS"])
        #expect(printer.ams.externals.spools.map(\.tray.color) == ["", "112233"])
        printer.report(#""vir_slot":[{"id":"254"}]"#)
        #expect(printer.ams.externals.spools.map(\.tray.type) == ["", "ABS"])
        printer.apply(Report.full(#""vir_slot":[{"id":"255","tray_type":"TPU"}]"#))
        #expect(printer.ams.externals.spools.map(\.tray.color) == [""])
    }

    @Test func `a shutdown report keeps the units`() {
        var printer = Printer(
            serial: "01P00A000000000",
            Report.full(
                #""ams":{"ams":[\#(Report.unit(0, Report.tray(0)))],"ams_exist_bits":"1","tray_exist_bits":"1","tray_now":"255","power_on_flag":true}"#
            ))
        printer.report(
            #""ams":{"ams":[],"ams_exist_bits":"0","tray_exist_bits":"0","tray_now":"0","power_on_flag":false}"#)
        #expect(printer.source == FilamentSource.none && printer.ams.units[0].slots[0].isPresent)
    }

    @Test func `a printer without units changes its external spool`() {
        let bits = #""ams_exist_bits":"0","tray_exist_bits":"0","power_on_flag":false"#
        var printer = Printer(
            serial: "01P00A000000000",
            Report.full(#""ams":{"ams":[],\#(bits),"tray_now":"255"},"vt_tray":{"id":"254"}"#))
        #expect(printer.source == FilamentSource.none)
        printer.report(#""ams":{\#(bits),"tray_now":"254"}"#)
        #expect(printer.source == .external(254))
    }

    @Test func `parts of an airduct are merged by id`() {
        var printer = Printer(
            serial: "09400A000000000",
            Report.full(#""device":{"airduct":{"modeCur":1,"parts":[{"id":16,"state":50},{"id":96,"state":100}]}}"#))
        func speeds() -> [String] {
            (printer.state?.fans.speeds(on: printer.model) ?? []).map { "\($0.name) \(Int($0.percent))" }
        }
        printer.report(#""device":{"airduct":{"parts":[{"id":16,"state":20}]}}"#)
        #expect(speeds() == ["part 20", "inner 100"] && printer.state?.fans.airduct.mode == "heating")
        printer.apply(Report.full(#""device":{"airduct":{"parts":[{"id":16,"state":30}]}}"#))
        #expect(speeds() == ["part 30"])
    }

    @Test func `the bits decide the slots, and an empty slot has no spool`() {
        var printer = Printer(
            Report.full(#""ams":{"ams":[\#(Report.unit(0, Report.tray(0), Report.tray(1)))],"tray_exist_bits":"3"}"#))
        printer.report(#""ams":{"tray_exist_bits":"2"}"#)
        #expect(printer.ams.units[0].slots.map(\.isPresent) == [false, true, false, false])
        printer.report(#""ams":{"tray_exist_bits":"7"}"#)
        #expect(printer.ams.units[0].slots.map(\.isPresent) == [true, true, true, false])
        #expect(printer.ams.units[0].slots.map(\.tray.type) == ["", "PLA", "", ""])
    }

    @Test(
        arguments: [
            (#"{"id":"0"}"#, false), (#"{"id":"0","state":10}"#, false), (#"{"id":"0","state":26}"#, false),
            (#"{"id":"0","state":8}"#, false), (#"{"id":"0","state":9}"#, true), (#"{"id":"0","state":11}"#, true),
            (#"{"id":"0","state":0}"#, false), (#"{"id":"0","state":1}"#, true), (#"{"id":"0","state":3}"#, true),
            (#"{"id":"0","state":5}"#, false), (#"{"id":"0","state":27}"#, true),
            (#"{"id":"0","tray_type":"PLA"}"#, true), (#"{"id":"0","tray_type":"PLA","state":10}"#, false),
            (#"{"id":"0","tray_type":"PLA","state":26}"#, false), (#"{"id":"0","tray_type":"","state":11}"#, true),
        ] as [(String, Bool)])
    func `without bits the tray decides whether there is a spool`(tray: String, isPresent: Bool) {
        let printer = Printer(Report.delta(#""ams":{"ams":[{"id":"0","tray":[\#(tray)]}]}"#))
        #expect(printer.ams.units[0].slots[0].isPresent == isPresent)
    }

    @Test func `only a full report empties the slots that it leaves out`() {
        let both = Report.unit(0, Report.tray(0), Report.tray(1))
        var printer = Printer(Report.full(#""ams":{"ams":[\#(both)]}"#))
        printer.report(#""ams":{"ams":[\#(Report.unit(0, Report.tray(1)))]}"#)
        #expect(printer.ams.units[0].slots.map(\.isPresent) == [true, true, false, false])
        printer.apply(Report.full(#""ams":{"ams":[\#(Report.unit(0, Report.tray(1)))]}"#))
        #expect(printer.ams.units[0].slots.map(\.isPresent) == [false, true, false, false])
    }

    @Test func `a gap clears telemetry and keeps counts and firmware`() {
        var printer = Printer(Report.version(Report.module("ota")), Report.full(#""mc_percent":7,"layer_num":"x""#))
        printer.forget()
        #expect(printer.state == nil)
        printer.report(#""bed_temper":60"#)
        #expect(printer.job.progress == nil && printer.bed.measured == 60)
        #expect(printer.firmware.version == "01.00.00.00" && printer.rejectedFields == 1)
    }
}
