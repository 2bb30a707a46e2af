import Testing

@testable import BambuProtocol

/// Reads one value in different notations. The value before is 7.
@Suite("Fields")
struct FieldTests {
    @Test(
        arguments: [
            ("42", 42.0), ("\"42\"", 42), ("42.5", 42.5), ("4.2e1", 42), ("true", 1), ("false", 0), ("0", 0),
            ("100", 100),
        ] as [(String, Double)])
    func `a number is read in every notation`(wire: String, value: Double) {
        let printer = Printer(Report.delta(#""mc_percent":7"#), Report.delta(#""mc_percent":\#(wire)"#))
        #expect(printer.job.progress == value && printer.rejectedFields == 0)
    }

    @Test(arguments: ["\"\"", "\"x\"", "[]", "{}", "[5]", "\"nan\"", "\"0x10\""])
    func `a value of the wrong kind is counted and the old one kept`(wire: String) {
        let printer = Printer(Report.delta(#""mc_percent":7"#), Report.delta(#""mc_percent":\#(wire)"#))
        #expect(printer.job.progress == 7 && printer.rejectedFields == 1)
    }

    @Test(arguments: ["101", "-1", "1e300", "1e999", "NaN", "Infinity", "\"101\"", "9223372036854775808", "-1e-9"])
    func `a value out of range is counted and the old one dropped`(wire: String) {
        let printer = Printer(Report.delta(#""mc_percent":7"#), Report.delta(#""mc_percent":\#(wire)"#))
        #expect(printer.job.progress == nil && printer.rejectedFields == 1)
    }

    @Test(arguments: ["5", "true", "[]", "{}", "1e300"])
    func `a text is read only from a string`(wire: String) {
        let printer = Printer(
            Report.delta(#""gcode_state":"RUNNING","subtask_name":"a""#),
            Report.delta(#""gcode_state":\#(wire),"subtask_name":\#(wire)"#))
        #expect(printer.job.state == .running && printer.job.task == "a" && printer.rejectedFields == 2)
    }

    @Test(
        arguments: [("1", true), ("0", false), ("\"1\"", true), ("\"false\"", false), ("true", true)]
            as [(String, Bool)])
    func `a flag is read in every notation`(wire: String, flag: Bool) {
        let printer = Printer(Report.delta(#""sdcard":\#(wire)"#))
        #expect(printer.isStoragePresent == flag && printer.rejectedFields == 0)
    }

    @Test(arguments: ["2", "\"perhaps\"", "[]", "1e300"])
    func `a value that is not a flag is counted`(wire: String) {
        let printer = Printer(Report.delta(#""sdcard":true"#), Report.delta(#""sdcard":\#(wire)"#))
        #expect(printer.isStoragePresent == true && printer.rejectedFields == 1)
    }

    @Test func `an invalid field does not affect its neighbours`() {
        let printer = Printer(
            Report.delta(
                #""mc_percent":[[{"a":1}]],"layer_num":"x","total_layer_num":1e300,"bed_temper":60,"spd_lvl":2"#))
        #expect(printer.bed.measured == 60 && printer.job.speedLevel == 2 && printer.rejectedFields == 3)
    }

    @Test(
        arguments: [
            ("nozzle_temper", "401"), ("bed_temper", "-21"), ("bed_target_temper", "151"), ("chamber_temper", "101"),
            ("mc_remaining_time", "-1"), ("layer_num", "-5"), ("spd_lvl", "256"), ("print_error", "4294967296"),
            ("home_flag", "-2147483649"), ("cooling_fan_speed", "256"), ("wifi_signal", "0"),
            ("wifi_signal", "\"-130dBm\""),
            ("stat", "\"xyz\""), ("stat", "\"\""), ("stat", "5"), ("net", "5"), ("upgrade_state", "[]"),
            ("device", "true"),
            ("hms", "{}"), ("lights_report", "\"x\""), ("vt_tray", "[{\"id\":\"254\"}]"), ("vir_slot", "{}"),
            ("ams", "[]"),
            ("ams", "{\"tray_now\":256}"), ("ams", "{\"tray_now\":\"x\"}"), ("ams", "{\"ams\":[{\"id\":\"254\"}]}"),
            ("ams", "{\"ams\":[{\"tray\":[]}]}"), ("ams", "{\"ams\":[5]}"),
            ("ams", "{\"ams\":[{\"id\":\"0\",\"tray\":[{\"id\":\"4\"}]}]}"),
            ("ams", "{\"ams\":[{\"id\":\"128\",\"tray\":[{\"id\":\"1\"}]}]}"),
            ("ams", "{\"ams\":[{\"id\":\"0\",\"tray\":[{\"id\":\"x\"}]}]}"),
            ("ams", "{\"ams\":[{\"id\":\"0\",\"temp\":\"-41.5\"}]}"),
            ("ams", "{\"ams\":[{\"id\":\"0\",\"humidity\":\"6\"}]}"),
            ("device", "{\"extruder\":{\"info\":[{\"id\":0,\"snow\":5136}]}}"),
            ("device", "{\"nozzle\":{\"info\":\"x\"}}"),
            ("device", "{\"extruder\":{\"info\":[{\"id\":0,\"temp\":500}]}}"), ("gcode_state", "\"CALIBRATING\""),
            ("hms", "[{\"attr\":1,\"code\":5}]"), ("hms", "[{\"attr\":1,\"code\":327680}]"),
            ("hms", "[{\"attr\":\"x\",\"code\":65537}]"),
            ("hms", "[5]"), ("lights_report", "[{\"node\":5,\"mode\":\"on\"}]"),
        ] as [(String, String)])
    func `an invalid value is counted once`(key: String, wire: String) {
        #expect(Printer(Report.delta(#""\#(key)":\#(wire)"#)).rejectedFields == 1)
    }

    @Test(arguments: [
        #""device":{"holder":null,"nozzle":{"info":7,"0":{"info":136,"temp":14418139}}}"#, #""ipcam":true"#,
        #""fun2":"xyz""#,
        #""upgrade_state":{"progress":"","status":"IDLE","new_version_state":0,"new_ver_list":[]}"#,
        #""hms":[null]"#, #""ams":{"ams":[null,{"id":"0","tray":[null]}]}"#, #""lights_report":[null]"#,
        #""sequence_id":"none""#, #""gcode_state":"""#, #""spd_lvl":253"#, #""stg_cur":200"#,
        #""ams":{"ams":[{"id":"0","tray":[{"id":"0","tray_weight":"","nozzle_temp_min":"","nozzle_temp_max":"0","tray_color":""}]}]}"#,
    ])
    func `known harmless values are not counted`(members: String) {
        #expect(Printer(Report.delta(members)).rejectedFields == 0)
    }

    @Test(
        arguments: [("\"0\"", 0), ("\"15\"", 100), ("\"3\"", 20), ("\"204\"", 80), ("255", 100)] as [(String, Double)])
    func `a fan speed is in fifteenths, or up to 255 if above 15`(wire: String, percent: Double) {
        let printer = Printer(Report.delta(#""cooling_fan_speed":\#(wire)"#))
        #expect(printer.state?.fans.speeds(on: printer.model).map(\.percent) == [percent])
    }
}
