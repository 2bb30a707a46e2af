import Testing

@testable import BambuProtocol

@Suite("Toolhead and rack")
struct RackTests {
    @Test(
        arguments: [
            ("01P", #""hw_switch_state":1"#, [true]), ("01P", #""hw_switch_state":0"#, [false]),
            ("22E", #""hw_switch_state":3,"device":{"extruder":{"info":[{"id":0,"info":2}]}}"#, [true]),
            ("22E", #""device":{"extruder":{"info":[{"id":0,"info":8}]}}"#, [false]),
            (
                "094", #""hw_switch_state":1,"device":{"extruder":{"info":[{"id":0,"info":8},{"id":1,"info":10}]}}"#,
                [false, true]
            ),
            ("01P", #""mc_percent":1"#, [nil]),
        ] as [(String, String, [Bool?])])
    func `a switch or a bit reports filament at the nozzle`(prefix: String, members: String, isPresent: [Bool?]) {
        let printer = Printer(serial: prefix + "00A000000000", Report.delta(members + #","nozzle_temper":20"#))
        #expect(isPresent.indices.map { printer.toolhead.isFilamentPresent(at: $0) } == isPresent)
    }

    private static let rack = #"""
        "device":{"nozzle":{"exist":3080195,"src_id":20,"tar_id":20,"info":[
        {"id":0,"type":"HS01","diameter":0.4,"p_t":7200},{"id":1,"type":"HS01","diameter":0.4,"p_t":0},
        {"id":16,"type":"HS01","diameter":0.2,"p_t":60},{"id":18,"type":"HS01","diameter":0.6,"p_t":0},
        {"id":21,"type":"HH01","diameter":0.8},{"id":19,"type":"HS01","diameter":0.4},{"id":17,"type":"HS01","diameter":0.4}]}}
        """#

    @Test func `hotends are listed by place, including the mounted one`() {
        let printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        #expect(printer.toolhead.hotends.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(printer.toolhead.hotends.map(\.isMounted) == [false, false, false, false, true, false])
        #expect(printer.toolhead.hotends.map(\.diameter) == ["0.2", "0.4", "0.6", "0.4", "0.4", "0.8"])
        #expect(printer.printTimes.nozzles == [0: 7200] && printer.printTimes.hotends == [1: 60, 5: 7200])
    }

    @Test func `a hotend taken from the rack becomes the mounted one`() {
        var printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        printer.report(
            #""device":{"nozzle":{"exist":3997697,"tar_id":17,"info":[{"id":0,"type":"HS01","diameter":0.4,"p_t":5},{"id":20,"type":"HS01","diameter":0.4,"p_t":7300}]}}"#
        )
        #expect(printer.toolhead.hotends.first { $0.isMounted }?.number == 2)
        #expect(printer.printTimes.hotends == [1: 60, 2: 5, 5: 7300] && printer.printTimes.nozzles == [0: 5])
    }

    @Test func `the target of a change is mounted and keeps its own values`() {
        var printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        printer.report(#""device":{"nozzle":{"tar_id":18}}"#)
        #expect(printer.toolhead.hotends.filter(\.isMounted).map(\.number) == [3])
        #expect(printer.toolhead.hotends.first { $0.number == 3 }?.diameter == "0.6")
        #expect(printer.printTimes.hotends == [1: 60, 5: 7200])
    }

    @Test func `a partial report keeps a hotend's omitted values`() {
        var printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        printer.report(#""device":{"nozzle":{"info":[{"id":16,"p_t":90}]}}"#)
        #expect(printer.toolhead.hotends.first?.diameter == "0.2" && printer.printTimes.hotends == [1: 90, 5: 7200])
        printer.apply(Report.full(#""device":{"nozzle":{"exist":65536,"info":[{"id":16,"p_t":95}]}}"#))
        #expect(printer.toolhead.hotends.first?.diameter == "" && printer.printTimes.hotends[1] == 95)
    }

    @Test func `a hotend in its place exists even if the list omits it`() {
        var printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        printer.report(#""device":{"nozzle":{"exist":4128771,"tar_id":0}}"#)
        #expect(printer.toolhead.hotends.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(printer.toolhead.hotends.map(\.diameter) == ["0.2", "0.4", "0.6", "0.4", "", "0.8"])
    }

    @Test func `a rack distinguishes an early H2C from an H2D`() {
        #expect(Printer(serial: "09400A000000000", Report.full(Self.rack)).model.name == "H2C")
        let version = Report.version(Report.module("ota", more: #""product_name":"Bambu Lab H2D""#))
        #expect(Printer(serial: "09400A000000000", version, Report.full(Self.rack)).model.name == "H2D")
        let nozzles = #""device":{"nozzle":{"exist":3,"tar_id":0,"info":[{"id":0},{"id":1}]}}"#
        #expect(Printer(serial: "09400A000000000", Report.full(nozzles)).model.name == "H2D")
    }

    @Test func `a machine without a rack has no hotends`() {
        let nozzles =
            #""device":{"nozzle":{"exist":3,"tar_id":0,"info":[{"id":0,"type":"HS01"},{"id":1,"type":"HS01"}]}}"#
        #expect(Printer(serial: "09400A000000000", Report.full(nozzles)).toolhead.hotends.isEmpty)
    }

    @Test func `seven heads are seven nozzles`() {
        let heads = (0..<7).map { #"{"id":\#($0),"temp":\#(200 + $0),"snow":\#($0)}"# }.joined(separator: ",")
        let printer = Printer(serial: "", Report.full(#""device":{"extruder":{"state":87,"info":[\#(heads)]}}"#))
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == (0..<7).map { 200 + Double($0) })
        #expect(printer.toolhead.isActive(5) == true && printer.rejectedFields == 0)
    }

    @Test func `print times are kept across a gap and may restart`() {
        var printer = Printer(
            serial: "09400A000000000", Report.full(#""device":{"nozzle":{"info":[{"id":0,"p_t":50}]}}"#))
        printer.forget()
        #expect(printer.printTimes.nozzles == [0: 50])
        printer.apply(Report.full(#""device":{"nozzle":{"info":[{"id":0,"p_t":0}]}}"#))
        #expect(printer.printTimes.nozzles == [0: 0])
    }
}
