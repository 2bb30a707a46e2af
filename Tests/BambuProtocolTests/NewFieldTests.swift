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
    func `a unit that dries says what it does`(info: String, state: Drying.State?) {
        #expect(drying(#""info":"\#(info)""#).unit?.dryingState == state)
    }

    @Test(
        arguments: [
            ("[]", [], 0), ("[8,1,8]", ["too_many_units_drying", "power_adapter_missing"], 0),
            ("[3]", ["filament_at_outlet"], 0), ("[\"0\"]", ["printer_busy"], 0),
            ("[10,9,77]", ["reason_9", "filament_stuck_at_outlet", "reason_77"], 0), ("null", [], 0), ("5", [], 1),
            ("[-1]", [], 1),
        ] as [(String, [String], Int)])
    func `why a unit does not dry is told by name`(wire: String, reasons: [String], rejected: Int) {
        let found = drying(#""dry_sf_reason":\#(wire)"#)
        #expect(found.unit?.drying.blockedReasons == reasons && found.rejected == rejected)
    }

    @Test func `more than sixteen reasons are dropped and counted`() {
        let found = drying(#""dry_sf_reason":[\#((20..<40).map(String.init).joined(separator: ","))]"#)
        #expect(found.unit?.drying.blockedReasons.count == 16 && found.rejected == 4)
    }
}

@Suite("Switches and storage")
struct SwitchTests {
    private func printer(_ prefix: String, _ members: String) -> Printer {
        Printer(serial: prefix + "00A000000000", Report.delta(members))
    }

    @Test(
        arguments: [
            ("094", "47258008", true), ("094", "46A58008", false), ("093", "1000000", true), ("31B", "0", false),
            ("22E", "1000000", nil), ("20P", "1000000", nil), ("00M", "7A58000", nil), ("ZZZ", "1000000", nil),
        ] as [(String, String, Bool?)])
    func `a lid is told of where there is a switch`(prefix: String, stat: String, isOpen: Bool?) {
        let printer = printer(prefix, #""stat":"\#(stat)""#)
        #expect(printer.hardware.isLidOpen(on: printer.model) == isOpen)
    }

    @Test(
        arguments: [
            (#""fun":"3EC1AFFF9CFF""#, false), (#""fun":"3EC18FFF9CFF""#, true), (#""fun":"4023FF18FFF9CB3""#, true),
            (#""mc_percent":1"#, nil),
        ] as [(String, Bool?)])
    func `Developer Mode is off where commands are signed`(members: String, isEnabled: Bool?) {
        #expect(printer("094", members).hardware.isDeveloperModeEnabled == isEnabled)
    }

    @Test(
        arguments: [
            (#""aux":"2D01004","sdcard":true"#, Storage.normal), (#""aux":"2002004","sdcard":true"#, .abnormal),
            (#""aux":"20003004""#, .readOnly), (#""aux":"2800004","sdcard":true"#, .absent),
            (#""sdcard":true,"home_flag":768"#, .readOnly), (#""sdcard":true,"home_flag":0"#, .normal),
            (#""sdcard":false,"home_flag":256"#, .absent), (#""home_flag":512"#, .abnormal),
            (#""sdcard":"HAS_SDCARD_ABNORMAL","home_flag":256"#, .abnormal),
            (#""sdcard":"HAS_SDCARD_READONLY""#, .readOnly), (#""sdcard":"NO_SDCARD""#, .absent),
            (#""sdcard":"1","home_flag":512"#, .abnormal), (#""mc_percent":1"#, nil),
        ] as [(String, Storage?)])
    func `the state of a card is told by three fields`(members: String, storage: Storage?) {
        #expect(printer("094", members).hardware.storage == storage)
    }

    @Test(
        arguments: [
            ("094", "1", Heating.ChamberHeater.heating), ("093", "2", .holding), ("20P", "0", .idle),
            ("03W", "3", .cooling),
            ("094", "18", .holding), ("094", "4", nil), ("22E", "0", nil), ("00M", "0", nil), ("01P", "1", nil),
            ("ZZZ", "1", .heating),
        ] as [(String, String, Heating.ChamberHeater?)])
    func `a chamber's heater is told of where there is one`(
        prefix: String, state: String, heater: Heating.ChamberHeater?
    ) {
        let printer = printer(prefix, #""device":{"ctc":{"state":\#(state),"info":{"temp":40}}}"#)
        #expect(printer.heating.chamberHeater(of: printer.model) == heater)
    }

    @Test(
        arguments: [
            ("0", "cooling"), ("1", "heating"), ("2", "exhaust"), ("3", "full_cooling"), ("255", "initializing"),
            ("7", "mode_7"), ("-1", nil), ("null", nil),
        ] as [(String, String?)])
    func `an airduct's mode has a name`(wire: String, mode: String?) {
        #expect(printer("094", #""device":{"airduct":{"modeCur":\#(wire)}}"#).state?.fans.airduct.mode == mode)
    }

    @Test(
        arguments: [
            ("20P", ["auxiliary 10", "left_auxiliary 70"]), ("22E", ["auxiliary 70", "left_auxiliary 10"]),
        ] as [(String, [String])])
    func `the side of an auxiliary fan goes by model`(prefix: String, fans: [String]) {
        let printer = printer(
            prefix, #""device":{"airduct":{"parts":[{"id":32,"state":70},{"id":160,"state":10},{"id":33,"state":99}]}}"#
        )
        let speeds = printer.state?.fans.speeds(on: printer.model) ?? []
        #expect(speeds.map { "\($0.fan.rawValue) \(Int($0.percent))" } == fans)
    }

    @Test func `a work light that flashes says nothing`() {
        let lights = #"[{"node":"chamber_light","mode":"on"},{"node":"work_light","mode":"flashing"}]"#
        #expect(printer("094", #""lights_report":\#(lights)"#).state?.lights?.map(\.name) == ["chamber"])
        let off = printer("00M", #""lights_report":[{"node":"work_light","mode":"off"}]"#)
        #expect(off.state?.lights == [Light(name: "work", isOn: false)])
    }

    @Test func `a laser has neither a nozzle nor a bed`() {
        let printer = printer("35F", #""nozzle_temper":0,"nozzle_diameter":"0.4","bed_temper":20"#)
        #expect(printer.toolhead.nozzles.isEmpty && printer.bed == Temperature())
    }
}

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
    func `filament at the nozzle is told by switch or bit`(prefix: String, members: String, isPresent: [Bool?]) {
        let printer = Printer(serial: prefix + "00A000000000", Report.delta(members + #","nozzle_temper":20"#))
        #expect(isPresent.indices.map { printer.toolhead.isFilamentPresent(at: $0) } == isPresent)
    }

    private static let rack = #"""
        "device":{"nozzle":{"exist":3080195,"src_id":20,"tar_id":20,"info":[
        {"id":0,"type":"HS01","diameter":0.4,"p_t":7200},{"id":1,"type":"HS01","diameter":0.4,"p_t":0},
        {"id":16,"type":"HS01","diameter":0.2,"p_t":60},{"id":18,"type":"HS01","diameter":0.6,"p_t":0},
        {"id":21,"type":"HH01","diameter":0.8},{"id":19,"type":"HS01","diameter":0.4},{"id":17,"type":"HS01","diameter":0.4}]}}
        """#

    @Test func `a rack's hotends are told by their place, the mounted one too`() {
        let printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        #expect(printer.toolhead.hotends.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(printer.toolhead.hotends.map(\.isMounted) == [false, false, false, false, true, false])
        #expect(printer.toolhead.hotends.map(\.diameter) == ["0.2", "0.4", "0.6", "0.4", "0.4", "0.8"])
        #expect(printer.printTimes.nozzles == [0: 7200] && printer.printTimes.hotends == [1: 60, 5: 7200])
    }

    @Test func `a hotend that is taken from the rack is the mounted one`() {
        var printer = Printer(serial: "31B00A000000000", Report.full(Self.rack))
        printer.report(
            #""device":{"nozzle":{"exist":3997697,"tar_id":17,"info":[{"id":0,"type":"HS01","diameter":0.4,"p_t":5},{"id":20,"type":"HS01","diameter":0.4,"p_t":7300}]}}"#
        )
        #expect(printer.toolhead.hotends.first { $0.isMounted }?.number == 2)
        #expect(printer.printTimes.hotends == [1: 60, 2: 5, 5: 7300] && printer.printTimes.nozzles == [0: 5])
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

    @Test func `times of printing outlast a gap, and may start again`() {
        var printer = Printer(
            serial: "09400A000000000", Report.full(#""device":{"nozzle":{"info":[{"id":0,"p_t":50}]}}"#))
        printer.forget()
        #expect(printer.printTimes.nozzles == [0: 50])
        printer.apply(Report.full(#""device":{"nozzle":{"info":[{"id":0,"p_t":0}]}}"#))
        #expect(printer.printTimes.nozzles == [0: 0])
    }
}

@Suite("StateTimes")
struct StateTimesTests {
    @Test func `a span belongs to the state before it, and a gap counts in part`() {
        var printer = Printer(serial: "", model: nil, staleAfter: 90)
        func seconds(_ state: Job.State) -> Double? { printer.stateTimes.all.first { $0.state == state }?.seconds }
        printer.report(#""gcode_state":"IDLE""#, at: 1000)
        #expect(printer.stateTimes.all.map(\.seconds) == [Double](repeating: 0, count: 10))
        printer.report(#""gcode_state":"RUNNING""#, at: 1030)
        printer.report(#""mc_percent":5"#, at: 1040)
        #expect(seconds(.idle) == 30 && seconds(.running) == 10)
        printer.forget()
        printer.report(#""gcode_state":"FINISH""#, at: 9000)
        #expect(seconds(.running) == 100)
        printer.report(#""gcode_state":"FINISH""#, at: 8000)
        #expect(seconds(.finish) == 0)
    }
}

@Suite("FaultTexts")
struct FaultTextsTests {
    private static let body = #"""
        {"result":0,"t":1790657978,"ver":"202609231145","data":{"device_hms":{"ver":202609231145,"EN":[
        {"ecode":"0300010000010007","intro":" The bed is too cold. "},{"ecode":"05000600000200AB","intro":""}]},
        "device_error":{"ver":1,"en":[{"ecode":"0300400c","intro":"The task was cancelled."}]}}}
        """#

    private func parsed(_ body: String, language: String = "en") -> FaultTexts? {
        guard case .texts(let texts) = FaultTexts.read(Array(body.utf8), language: language) else { return nil }
        return texts
    }

    @Test func `an answer is read, whatever the case of its codes`() throws {
        let texts = try #require(parsed(Self.body))
        let message = try #require(HMSMessage(attribute: 0x0300_0100, number: 0x1_0007))
        #expect(texts.version == 202_609_231_145 && texts.text(of: message) == "The bed is too cold.")
        #expect(texts.text(ofError: 0x0300_400C) == "The task was cancelled." && texts.text(ofError: 1) == "")
    }

    @Test func `a message without words is hidden`() throws {
        let texts = try #require(parsed(Self.body))
        let known = try #require(HMSMessage(attribute: 0x0300_0100, number: 0x1_0007))
        let silent = try #require(HMSMessage(attribute: 0x0500_0600, number: 0x2_00AB))
        let absent = try #require(HMSMessage(attribute: 0x0700_0100, number: 0x2_0001))
        #expect(known.level(by: texts) == .fatal && silent.level(by: texts) == .hidden)
        #expect(absent.level(by: texts) == .hidden && absent.level(by: nil) == .serious)
    }

    @Test func `of two texts of a code the longer one stays`() throws {
        var texts = try #require(parsed(Self.body))
        texts.merge(try #require(parsed(Self.body.replacing("was cancelled", with: "was cancelled by its user"))))
        #expect(texts.text(ofError: 0x0300_400C) == "The task was cancelled by its user.")
    }

    @Test(arguments: [
        "", "[]", "{", #"{"result":0}"#, #"{"result":1,"data":{}}"#, #"{"result":0,"data":{"device_hms":[]}}"#,
        #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"xyz","intro":"a"}]}}}"#,
    ])
    func `what is no answer is not used`(body: String) {
        #expect(FaultTexts.read(Array(body.utf8), language: "en") == .unusable)
    }

    @Test func `nothing newer is told apart`() {
        #expect(FaultTexts.read(Array(#"{"result":201,"data":{}}"#.utf8), language: "en") == .unchanged)
    }

    @Test func `another language is not taken for the one that is wanted`() {
        #expect(parsed(Self.body, language: "de") == nil)
        #expect(parsed(Self.body.replacing("EN", with: "zh-CN"), language: "zh-cn") != nil)
    }
}
