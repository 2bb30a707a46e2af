import Testing

@testable import BambuProtocol

@Suite("Temperatures, nozzles and fans")
struct MachineTests {
    private static func packed(_ measured: Int, _ target: Int) -> Int { target << 16 | measured }

    @Test func `a packed temperature contains measured and target`() {
        let printer = Printer(
            serial: "09400A000000000",
            Report.delta(
                #"""
                "device":{"ctc":{"info":{"temp":3932208}},"bed":{"info":{"temp":60}},
                "extruder":{"info":[{"id":0,"temp":\#(Self.packed(219, 220))},{"id":1,"temp":35}],"state":2}}
                """#))
        #expect(printer.heaters.chamber(of: printer.model) == Temperature(measured: 48, target: 60))
        #expect(printer.bed == Temperature(measured: 60, target: 0))
        #expect(
            printer.toolhead.nozzles.map(\.temperature) == [
                Temperature(measured: 219, target: 220), Temperature(measured: 35, target: 0),
            ])
    }

    @Test(
        arguments: [
            ("01P", "5", nil), ("039", "5", nil), ("030", "31", nil), ("01S", "5", nil), ("26A", "5", nil),
            ("00M", "5", 5.0), ("094", "5", 5),
            ("ZZZ", "5", nil), ("ZZZ", "31", 31), ("00W", "26.5", 26.5), ("094", "3932209", 49), ("00M", "300", nil),
            ("00M", "-30", nil),
        ] as [(String, String, Double?)])
    func `a chamber has a temperature only if it has a sensor`(prefix: String, wire: String, value: Double?) {
        let printer = Printer(serial: prefix + "00A000000000", Report.delta(#""chamber_temper":\#(wire)"#))
        #expect(printer.heaters.chamber(of: printer.model).measured == value)
    }

    @Test(arguments: [#""chamber_temper":1e300"#, #""chamber_temper":"x""#, #""bed_temper":1"#])
    func `an invalid chamber temperature keeps the target`(members: String) {
        let printer = Printer(Report.delta(#""ctt":60"#), Report.delta(members))
        #expect(printer.heaters.chamber(of: printer.model).target == 60)
    }

    @Test func `the only nozzle uses the more precise flat fields`() {
        let printer = Printer(
            serial: "22E00A000000000",
            Report.delta(#""nozzle_temper":219.5,"device":{"extruder":{"info":[{"id":0,"temp":219}],"state":1}}"#),
            Report.delta(#""nozzle_temper":220.25"#))
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == [220.25])
        #expect(printer.toolhead.isActive(0) == true)
    }

    @Test func `with two nozzles the temperatures of the extruders take precedence over the flat ones`() {
        var printer = Printer(
            serial: "09400A000000000",
            Report.delta(
                #""nozzle_temper":99,"device":{"extruder":{"info":[{"id":0,"temp":30},{"id":1,"temp":200}],"state":18}}"#
            ))
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == [30, 200])
        #expect(printer.toolhead.isActive(0) == false && printer.toolhead.isActive(1) == true)
        printer.report(#""nozzle_temper":40,"nozzle_target_temper":0"#)
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == [30, 200])
        // 15 means a switch: the nozzle of the flat fields is not known.
        printer.report(#""nozzle_temper":77,"device":{"extruder":{"state":242}}"#)
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == [30, 200])
        #expect(printer.toolhead.isActive(0) == false && printer.toolhead.isActive(1) == false)
    }

    @Test func `the listed nozzles take precedence over the flat diameter and type`() {
        var printer = Printer(
            serial: "ZZZ00A000000000",
            Report.delta(
                #"""
                "nozzle_diameter":"0.6","nozzle_type":"hardened_steel","device":{"nozzle":{"exist":65537,"tar_id":17,
                "info":[{"id":0,"diameter":0.4,"type":"HS01"},{"id":16,"diameter":0.4,"type":"HH01"}]}}
                """#))
        #expect(printer.toolhead.hotends.map(\.type) == ["HH01", "HS01"])
        printer.report(#""nozzle_diameter":"0.6","nozzle_type":"stainless_steel""#)
        #expect(printer.toolhead.nozzles.map(\.type) == ["HS01"] && printer.toolhead.nozzles.map(\.diameter) == ["0.4"])
    }

    @Test(arguments: ["094", "239", "31B", "20P"])
    func `with two nozzles, flat fields need a known nozzle in use`(prefix: String) {
        let flat = #""nozzle_temper":219,"nozzle_target_temper":220,"nozzle_diameter":"0.4","nozzle_type":"HS01""#
        var printer = Printer(serial: prefix + "00A000000000", Report.delta(flat))
        #expect(printer.toolhead.nozzles.isEmpty && printer.toolhead.isActive(0) == nil && printer.source == nil)
        // The report contains only the left one.
        printer.report(#"\#(flat),"device":{"extruder":{"state":18}}"#)
        #expect(printer.toolhead.nozzles.map(\.id) == [1])
        #expect(printer.toolhead.nozzles.first?.temperature == Temperature(measured: 219, target: 220))
        #expect(printer.toolhead.isActive(0) == false && printer.toolhead.isActive(1) == true)
        printer.forget()
        printer.report(flat)
        #expect(printer.toolhead.nozzles.isEmpty && printer.toolhead.isActive(0) == nil)
    }

    @Test func `the flat diameter and type complete a listed nozzle`() {
        let printer = Printer(
            serial: "22E00A000000000",
            Report.delta(
                #""nozzle_diameter":"0.6","nozzle_type":"HS01","device":{"nozzle":{"exist":1,"info":[{"id":0}]}}"#))
        #expect(printer.toolhead.nozzles.map(\.type) == ["HS01"] && printer.toolhead.nozzles.map(\.diameter) == ["0.6"])
    }

    @Test func `flat values are dropped if a second nozzle is reported`() {
        var printer = Printer(serial: "ZZZ00A000000000", Report.delta(#""nozzle_temper":219"#))
        #expect(printer.toolhead.nozzles.map(\.id) == [0])
        let version = Report.version(Report.module("ota", more: #""product_name":"Bambu Lab H2D""#))
        printer.apply(version)
        #expect(printer.toolhead.nozzles.isEmpty)
        printer.report(#""nozzle_temper":220,"device":{"extruder":{"state":18}}"#)
        printer.apply(version)
        #expect(printer.toolhead.nozzles.map(\.temperature.measured) == [220])
    }

    @Test func `with two nozzles, the one in use is unknown at first`() {
        let printer = Printer(Report.delta(#""device":{"extruder":{"info":[{"id":0,"temp":30},{"id":1,"temp":200}]}}"#))
        #expect(printer.toolhead.isActive(0) == nil && printer.toolhead.isActive(1) == nil && printer.source == nil)
    }

    @Test func `hotends in the rack are not nozzles`() {
        let printer = Printer(
            Report.delta(
                #"""
                "device":{"nozzle":{"exist":3080195,"info":[{"id":0,"diameter":0.4000000059604645,"type":"HS01"},
                {"id":1,"diameter":"0.6","type":"HH01"},{"id":16,"diameter":0.2,"type":"HS00"},{"id":21,"diameter":0.2,"type":"x"}]}}
                """#))
        #expect(printer.toolhead.nozzles.map(\.diameter) == ["0.4", "0.6"])
        #expect(printer.toolhead.nozzles.map(\.type) == ["HS01", "HH01"])
    }

    @Test(
        arguments: [
            ("\"0.4\"", "0.4"), ("0.4000000059604645", "0.4"), ("0.6", "0.6"), ("\"N/A\"", ""), ("0", ""), ("\"\"", ""),
        ] as [(String, String)])
    func `a diameter is a text or a number`(wire: String, diameter: String) {
        let printer = Printer(Report.delta(#""nozzle_diameter":\#(wire)"#))
        #expect(printer.toolhead.nozzles.first?.diameter == diameter)
    }

    @Test(
        arguments: [
            (65535, FilamentSource.none), (0, .slot(unit: 0, slot: 0)), (3, .slot(unit: 0, slot: 3)),
            (0x0301, .slot(unit: 3, slot: 1)),
            (0x1002, .slot(unit: 16, slot: 2)), (0x8000, .slot(unit: 128, slot: 0)), (0xFE00, .external(254)),
            (0xFF00, .external(255)), (0xFEFF, .none), (0x00FF, .none),
            (0x5003, .slot(unit: 80, slot: 3)), (0x0008, .slot(unit: 0, slot: 8)),
        ] as [(Int, FilamentSource)])
    func `an extruder reports its slot`(snow: Int, source: FilamentSource) {
        #expect(FilamentSource(packed: snow) == source)
    }

    @Test(arguments: [0x0010, 0x8001, 0x5010, 70_000, -1])
    func `an invalid slot is rejected`(snow: Int) {
        #expect(FilamentSource(packed: snow) == nil)
    }

    @Test(
        arguments: [
            ("00M", ["part", "auxiliary", "chamber", "heatbreak"]),
            ("01S", ["part", "auxiliary", "chamber", "heatbreak"]),
            ("039", ["part", "heatbreak"]), ("030", ["part", "heatbreak"]), ("26A", ["part", "heatbreak"]),
            ("ZZZ", ["part", "auxiliary", "chamber", "heatbreak"]),
        ] as [(String, [String])])
    func `only fans that the model has are reported`(prefix: String, fans: [String]) {
        let printer = Printer(
            serial: prefix + "00A000000000",
            Report.delta(
                #""cooling_fan_speed":"15","big_fan1_speed":"0","big_fan2_speed":"0","heatbreak_fan_speed":"3""#))
        #expect(printer.state?.fans.speeds(on: printer.model).map(\.name) == fans)
    }

    @Test func `an airduct lists the installed fans`() {
        let parts = [(16, 60), (32, 70), (48, 0), (96, 30), (160, 0x64), (112, 5), (7, 1), (32_768, 5)]
            .map { #"{"id":\#($0.0),"state":\#($0.1),"func":0}"# }.joined(separator: ",")
        let printer = Printer(
            serial: "09400A000000000",
            Report.delta(
                #""cooling_fan_speed":"15","heatbreak_fan_speed":"15","device":{"airduct":{"parts":[\#(parts)]}}"#))
        let speeds = printer.state?.fans.speeds(on: printer.model) ?? []
        #expect(
            speeds.map { "\($0.name) \($0.percent)" } == [
                "part 60.0", "auxiliary 70.0", "chamber 0.0", "heatbreak 100.0", "inner 30.0", "left_auxiliary 100.0",
                "fan_7 5.0",
            ])
    }
}

@Suite("Hardware")
struct HardwareTests {
    @Test(
        arguments: [
            ("\"-45dBm\"", -45.0), ("-45", -45), ("\"-45\"", -45), ("\"<redacted>\"", nil), ("\"\"", nil), ("0", nil),
            ("\"nan\"", nil),
        ] as [(String, Double?)])
    func `a signal is a text or a number`(wire: String, value: Double?) {
        #expect(Printer(Report.delta(#""wifi_signal":\#(wire)"#)).hardware.wifiSignal == value)
    }

    @Test(arguments: [(17, nil), (1, nil), (16, -90.0), (0, -90)] as [(Int, Double?)])
    func `on a cable the signal is absent`(conf: Int, value: Double?) {
        #expect(
            Printer(Report.delta(#""wifi_signal":"-90dBm","net":{"conf":\#(conf),"info":[]}"#)).hardware.wifiSignal
                == value)
    }

    @Test(
        arguments: [
            (#""sdcard":"HAS_SDCARD_NORMAL""#, true), (#""sdcard":"NO_SDCARD""#, false), (#""home_flag":256"#, true),
            (#""home_flag":0"#, false),
            (#""sdcard":false,"home_flag":256"#, false), (#""aux":"1004""#, true), (#""aux":"4""#, false),
            (#""home_flag":-1066986096"#, true),
            (#""mc_percent":1"#, nil),
        ] as [(String, Bool?)])
    func `storage is read from any of three fields`(members: String, isPresent: Bool?) {
        #expect(Printer(Report.delta(members)).isStoragePresent == isPresent)
    }

    @Test(
        arguments: [
            ("00M", "01.08.00.00", #""home_flag":8388608"#, true),
            ("00M", "01.08.00.00", #""home_flag":-8388609"#, false),
            ("00M", "01.06.00.00", #""home_flag":8388608"#, nil), ("00M", "", #""home_flag":8388608"#, nil),
            ("00W", "01.07.00.00", #""home_flag":8388608"#, true), ("03W", "01.01.01.00", #""home_flag":8388608"#, nil),
            ("03W", "01.01.02.00", #""home_flag":8388608"#, true),
            ("01P", "01.08.00.00", #""home_flag":8388608,"stat":"800000""#, nil),
            ("22E", "", #""stat":"800000""#, true), ("094", "", #""home_flag":8388608,"stat":"46218008""#, false),
            ("093", "", #""stat":"FFFFFFFFFF7FFFFF""#, false), ("20P", "", #""stat":"ABCDEF012345678900800000""#, true),
            ("039", "01.07.00.00", #""stat":"800000""#, nil), ("ZZZ", "", #""stat":"800000""#, true),
        ] as [(String, String, String, Bool?)])
    func `a door is reported if it has a switch`(prefix: String, firmware: String, members: String, isOpen: Bool?) {
        let printer = Printer(serial: prefix + "00A000000000", Report.delta(members))
        #expect(printer.hardware.isDoorOpen(on: printer.model, firmware: firmware) == isOpen)
    }

    @Test(
        arguments: [
            (#""new_version_state":1"#, true), (#""new_version_state":2"#, false), (#""new_version_state":0"#, nil),
            (#""new_version_state":0,"ota_new_version_number":"01.09.00.00""#, true), (#""progress":"""#, nil),
        ] as [(String, Bool?)])
    func `an update is reported only if the printer knows it`(members: String, isAvailable: Bool?) {
        #expect(Printer(Report.delta(#""upgrade_state":{\#(members)}"#)).hardware.isUpdateAvailable == isAvailable)
    }

    @Test(
        arguments: [
            ("chamber_light", "chamber"), ("chamber_light2", "chamber2"), ("side_light3", "side3"), ("lamp", "lamp"),
        ] as [(String, String)])
    func `a light's name drops the suffix`(node: String, name: String) {
        let lights = Printer(Report.delta(#""lights_report":[{"node":"\#(node)","mode":"flashing"}]"#)).state?.lights
        #expect(lights == [Light(name: name, isOn: true)])
    }

    @Test(arguments: [("on", true), ("flashing", true), ("off", false)] as [(String, Bool)])
    func `a light is on or off`(mode: String, isOn: Bool) {
        #expect(
            Printer(Report.delta(#""lights_report":[{"mode":"\#(mode)","node":"x"}]"#)).state?.lights?.first?.isOn
                == isOn)
    }

    @Test(
        arguments: [
            (83_887_616, 131_184, "HMS_0500_0600_0002_0070", "hidden", "mainboard"),
            (83_887_360, 65_543, "HMS_0500_0500_0001_0007", "fatal", "mainboard"),
            (0x0300_1800, 0, "HMS_0300_1800_0000_0000", "hidden", "motion_controller"),
            (0x0300_0100, 0x0001_0001, "HMS_0300_0100_0001_0001", "fatal", "motion_controller"),
            (0x1200_2000, 0x0004_0001, "HMS_1200_2000_0004_0001", "info", "ams_lite"),
            (0x0700_2000, 0x0003_0001, "HMS_0700_2000_0003_0001", "common", "ams"),
            (0x1800_2000, 0x0003_0001, "HMS_1800_2000_0003_0001", "common", "ams_ht"),
            (0x7700_2000, 0x0003_0001, "HMS_7700_2000_0003_0001", "common", "unknown"),
        ] as [(Int, Int, String, String, String)])
    func `a message's numbers contain code, level and module`(
        attr: Int, code: Int, text: String, level: String, module: String
    ) {
        let hms = Printer(
            Report.delta(#""hms":[{"attr":\#(attr),"code":\#(code),"ts_boot":1,"ts_unix":"20260708111841"}]"#)
        ).state?.hms
        #expect(hms?.map(\.code) == [text] && hms?.first?.level.name == level && hms?.first?.module == module)
    }

    @Test func `duplicate messages are merged, the most severe come first`() {
        let printer = Printer(
            Report.delta(
                #""hms":[{"attr":1,"code":262145},{"attr":2,"code":65537},{"attr":1,"code":262145,"timestamp":5},{"attr":1,"code":65537}]"#
            ))
        #expect(
            printer.state?.hms?.map(\.code) == [
                "HMS_0000_0001_0001_0001", "HMS_0000_0002_0001_0001", "HMS_0000_0001_0004_0001",
            ])
        #expect(printer.rejectedFields == 0)
    }
}
