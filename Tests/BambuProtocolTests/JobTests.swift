import Testing

@testable import BambuProtocol

@Suite("Job")
struct JobTests {
    @Test(
        arguments: [
            ("IDLE", Job.State.idle), ("PREPARE", .prepare), ("SLICING", .slicing), ("RUNNING", .running),
            ("PAUSE", .pause),
            ("FINISH", .finish), ("FAILED", .failed), ("INIT", .`init`), ("OFFLINE", .offline), ("", .unknown),
            ("CALIBRATING", .unknown), ("unknown", .unknown),
        ] as [(String, Job.State)])
    func `states have the names of the wire in lower case`(wire: String, state: Job.State) {
        #expect(Printer(Report.delta(#""gcode_state":"\#(wire)""#)).job.state == state)
    }

    @Test func `the last job survives forget until a new state is reported`() {
        var printer = Printer(Report.delta(#""gcode_state":"RUNNING","mc_percent":42,"subtask_name":"Vase""#))
        printer.forget()
        #expect(printer.state == nil && printer.lastJob?.task == "Vase" && printer.lastJob?.progress == 42)
        // A partial report without the job's state, and another loss.
        printer.report(#""wifi_signal":"-50dBm""#)
        printer.forget()
        #expect(printer.lastJob?.state == .running && printer.lastJob?.task == "Vase")
        printer.report(#""gcode_state":"IDLE""#)
        printer.forget()
        #expect(printer.lastJob?.state == .idle)
    }

    @Test func `a printer that never reported has no last job`() {
        #expect(Printer(serial: "01P00A000000000").lastJob == nil)
    }

    @Test(
        arguments: [
            ("RUNNING", 5, 300.0), ("PAUSE", 0, 0), ("RUNNING", 0, 0), ("PREPARE", 5, 300), ("PREPARE", 0, nil),
            ("IDLE", 5, nil),
            ("FINISH", 0, nil), ("FAILED", 7, nil), ("SLICING", 7, nil),
        ] as [(String, Int, Double?)])
    func `time left is in seconds and needs an active job`(state: String, minutes: Int, seconds: Double?) {
        let printer = Printer(Report.delta(#""gcode_state":"\#(state)","mc_remaining_time":\#(minutes)"#))
        #expect(printer.job.remainingSeconds == seconds)
    }

    @Test(
        arguments: [
            ("RUNNING", "0", "printing"), ("RUNNING", "-1", "idle"), ("RUNNING", "255", "idle"),
            ("PREPARE", "77", "preparing_ams"),
            ("PAUSE", "16", "paused_user"), ("RUNNING", "80", "unknown"), ("PAUSE", "0", nil),
            ("RUNNING", "78", "compensating_timing_belt_artifacts"),
            ("RUNNING", "83", "calibrating_tool_rack_position"),
            ("RUNNING", "86", "unknown"), ("RUNNING", "88", "processing_2d_job"), ("RUNNING", "89", "unknown"),
            ("RUNNING", "200", "unknown"),
            ("IDLE", "0", nil),
            ("FINISH", "0", nil), ("RUNNING", "18", "calibrating_micro_lidar"),
            ("RUNNING", "12", "calibrating_micro_lidar"),
            ("RUNNING", "300", "unknown"), ("RUNNING", "39", "calibrate_nozzle_offset"),
            ("RUNNING", "63", "waiting_chamber_temperature_equalize"),
        ] as [(String, String, String?)])
    func `a stage needs an active job`(state: String, stage: String, name: String?) {
        #expect(Printer(Report.delta(#""gcode_state":"\#(state)","stg_cur":\#(stage)"#)).job.stageName == name)
    }

    @Test(arguments: [
        #""stg_cur":0,"stage":{"_id":83}"#, #""stage":{"_id":"83"},"stg_cur":0"#, #""stage":{"_id":83}"#,
        #""stg_cur":83,"stage":null"#, #""stg_cur":83,"stage":{}"#,
    ])
    func `the newer stage field takes precedence`(members: String) {
        var printer = Printer(Report.full(#""gcode_state":"RUNNING",\#(members)"#))
        #expect(printer.job.stageName == "calibrating_tool_rack_position" && printer.rejectedFields == 0)
        printer.report(#""stg_cur":4"#)
        #expect(printer.job.stageName == "changing_filament")
    }

    @Test(
        arguments: [
            (#""gcode_state":"IDLE","subtask_name":"","gcode_file":"","print_type":"idle""#, false),
            (#""gcode_state":"IDLE","subtask_name":"a""#, true),
            (#""gcode_state":"FINISH","subtask_name":"","gcode_file":"""#, true),
            (#""gcode_state":"RUNNING","gcode_file":"a""#, true), (#""gcode_state":"RUNNING""#, false),
            (#""gcode_state":"","subtask_name":"","gcode_file":"""#, false), (#""subtask_name":"a""#, true),
        ] as [(String, Bool)])
    func `a job is named unless the printer is idle without one`(members: String, isNamed: Bool) {
        #expect(Printer(Report.delta(members)).job.isNamed == isNamed)
    }

    @Test(
        arguments: [
            ("0", 0 as UInt32, "0000_0000"), ("50348044", 0x0300_400C, "0300_400C"),
            ("\"302022662\"", 302_022_662, "1200_8006"),
            ("-1", 0xFFFF_FFFF, "FFFF_FFFF"),
        ] as [(String, UInt32, String)])
    func `an error is a number in the format of the screen`(wire: String, code: UInt32, text: String) {
        #expect(Printer(Report.delta(#""print_error":\#(wire)"#)).job.error == code)
        #expect(PrintError.text(of: code) == text)
    }

    @Test(arguments: [83_886_082, 0x0300_3FFF, 1])
    func `a number that is a state is not an error`(number: Int) {
        var printer = Printer(Report.delta(#""print_error":83918908"#))
        #expect(printer.job.error == 0x0500_803C)
        printer.report(#""print_error":\#(number)"#)
        #expect(printer.job.error == 0)
    }

    @Test func `a layer above the last one is kept as reported`() {
        let job = Printer(Report.delta(#""layer_num":750,"total_layer_num":94"#)).job
        #expect(job.layer == 750 && job.layers == 94)
    }
}
