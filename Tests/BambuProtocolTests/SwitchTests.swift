import Testing

@testable import BambuProtocol

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
    func `a lid is reported if it has a switch`(prefix: String, stat: String, isOpen: Bool?) {
        let printer = printer(prefix, #""stat":"\#(stat)""#)
        #expect(printer.hardware.isLidOpen(on: printer.model) == isOpen)
    }

    @Test(
        arguments: [
            (#""fun":"3EC1AFFF9CFF""#, false), (#""fun":"3EC18FFF9CFF""#, true), (#""fun":"4023FF18FFF9CB3""#, true),
            (#""mc_percent":1"#, nil),
        ] as [(String, Bool?)])
    func `Developer Mode is off if commands must be signed`(members: String, isEnabled: Bool?) {
        #expect(printer("094", members).hardware.isDeveloperModeEnabled == isEnabled)
    }

    @Test(
        arguments: [
            (#""cfg":"60000""#, true, true), (#""cfg":"3C57D889""#, true, true), (#""cfg":"40000""#, false, true),
            (#""cfg":"20000""#, true, false), (#""cfg":"0","home_flag":1408"#, true, true),
            (#""cfg":"60000","home_flag":256"#, false, false), (#""mc_percent":1"#, nil, nil),
        ] as [(String, Bool?, Bool?)])
    func `spool settings are read from either of two fields`(members: String, isEstimating: Bool?, isRefilling: Bool?) {
        let hardware = printer("094", members).hardware
        #expect(hardware.isEstimating == isEstimating && hardware.isAutoRefillEnabled == isRefilling)
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
    func `the state of a card is read from three fields`(members: String, storage: Storage?) {
        #expect(printer("094", members).hardware.storage == storage)
    }

    @Test(
        arguments: [
            ("094", "1", Heaters.ChamberHeater.heating), ("093", "2", .holding), ("20P", "0", .idle),
            ("03W", "3", .cooling),
            ("094", "18", .holding), ("094", "4", nil), ("22E", "0", nil), ("00M", "0", nil), ("01P", "1", nil),
            ("ZZZ", "1", .heating),
        ] as [(String, String, Heaters.ChamberHeater?)])
    func `a chamber heater is reported only if there is one`(
        prefix: String, state: String, heater: Heaters.ChamberHeater?
    ) {
        let printer = printer(prefix, #""device":{"ctc":{"state":\#(state),"info":{"temp":40}}}"#)
        #expect(printer.heaters.chamberHeater(of: printer.model) == heater)
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
    func `the side of an auxiliary fan depends on the model`(prefix: String, fans: [String]) {
        let printer = printer(
            prefix, #""device":{"airduct":{"parts":[{"id":32,"state":70},{"id":160,"state":10},{"id":33,"state":99}]}}"#
        )
        let speeds = printer.state?.fans.speeds(on: printer.model) ?? []
        #expect(speeds.map { "\($0.name) \(Int($0.percent))" } == fans)
    }

    @Test func `a flashing work light is left out`() {
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
