import Testing

@testable import BambuProtocol

/// The numbers of started, finished, failed and cancelled jobs.
private struct Counts: Equatable, CustomStringConvertible {
    var started = 0, finished = 0, failed = 0, cancelled = 0

    init(_ started: Int, _ finished: Int, _ failed: Int, _ cancelled: Int) {
        (self.started, self.finished, self.failed, self.cancelled) = (started, finished, failed, cancelled)
    }

    init(_ jobs: JobTracker) {
        self.init(jobs.started, jobs.finished, jobs.failed, jobs.cancelled)
    }

    var description: String { "\(started) started, \(finished) finished, \(failed) failed, \(cancelled) cancelled" }
}

@Suite("JobTracker")
struct JobTrackerTests {
    /// Plays states that arrive a second apart.
    ///
    /// `b:RUNNING` contains the job's name; `|` is a long gap, `~` a short one, `#` a lost report, `.` a report of
    /// something else; `E=` sets the error from there on, `N=` the name; `+` lets seconds pass.
    private func play(_ script: String) -> (printer: Printer, time: Double) {
        var printer = Printer(serial: "")
        var time = 1000.0
        var number = 0
        for step in script.split(separator: " ") {
            switch step.prefix(2) {
            case "|": printer.forget()
            case "~": printer.interrupt()
            case "#": number += 1
            case ".":
                number += 1
                printer.report(#""nozzle_temper":200,"sequence_id":"\#(number)""#, at: time)
            case "E=": printer.report(#""print_error":\#(step.dropFirst(2))"#, at: time)
            case "N=": printer.report(#""subtask_name":"\#(step.dropFirst(2))""#, at: time)
            case "I=": printer.report(#""task_id":"\#(step.dropFirst(2))""#, at: time)
            case let wait where wait.hasPrefix("+"): time += Double(step.dropFirst()) ?? 0
            default:
                time += 1
                let parts = step.split(separator: ":")
                let name = parts.count > 1 ? #""subtask_name":"\#(parts[0])","# : ""
                printer.report(#"\#(name)"gcode_state":"\#(step == "?" ? "" : parts.last ?? "")""#, at: time)
            }
        }
        return (printer, time)
    }

    @Test(
        arguments: [
            // The first state counts nothing.
            ("RUNNING", 0, 0, 0, 0), ("FINISH", 0, 0, 0, 0), ("FAILED +60 FAILED", 0, 0, 0, 0),
            ("? RUNNING", 0, 0, 0, 0),
            // A job.
            ("IDLE PREPARE RUNNING FINISH IDLE", 1, 1, 0, 0),
            ("IDLE RUNNING PAUSE RUNNING PAUSE RUNNING FINISH", 1, 1, 0, 0),
            ("FINISH RUNNING FINISH", 1, 1, 0, 0), ("FINISH FINISH FINISH", 0, 0, 0, 0),
            ("RUNNING FINISH PREPARE", 1, 1, 0, 0),
            ("IDLE SLICING PREPARE RUNNING", 1, 0, 0, 0), ("FAILED PREPARE", 1, 0, 0, 0),
            // Failures, with and without a reason.
            ("RUNNING FAILED", 0, 0, 0, 0), ("RUNNING FAILED +10 FAILED", 0, 0, 1, 0),
            ("RUNNING E=50364426 FAILED +10 FAILED", 0, 0, 1, 0),
            ("RUNNING FAILED E=50364426 FAILED", 0, 0, 1, 0), ("RUNNING FAILED IDLE", 0, 0, 1, 0),
            ("RUNNING FAILED PREPARE", 1, 0, 1, 0),
            // Cancellations: the reason comes before, with, or seconds after the failure.
            ("RUNNING E=50348044 FAILED", 0, 0, 0, 1), ("RUNNING E=83902478 FAILED IDLE", 0, 0, 0, 1),
            ("RUNNING FAILED +4 FAILED E=50348044 FAILED IDLE", 0, 0, 0, 1), ("RUNNING E=50348044 IDLE", 0, 0, 0, 1),
            ("PAUSE E=83918908 PAUSE FAILED +4 E=50348044 FAILED", 0, 0, 0, 1),
            ("RUNNING FAILED +20 FAILED E=50348044 FAILED", 0, 0, 1, 0),
            // A P1 clears its reason about 2 s later, before or after it reports that the job ended.
            ("RUNNING E=50348044 +2 E=0 FAILED +10 FAILED", 0, 0, 0, 1),
            ("RUNNING E=50348044 +2 E=0 IDLE +10 IDLE", 0, 0, 0, 1),
            ("RUNNING E=50348044 +2 E=0 +20 FAILED +10 FAILED", 0, 0, 1, 0),
            ("RUNNING E=50348044 FAILED E=0 IDLE PREPARE FAILED +10 FAILED", 1, 0, 1, 1),
            ("RUNNING IDLE", 0, 0, 0, 0), ("RUNNING IDLE +10 IDLE", 0, 0, 0, 1), ("PAUSE IDLE +10 IDLE", 0, 0, 0, 1),
            ("RUNNING IDLE +4 IDLE E=50348044 IDLE", 0, 0, 0, 1), ("RUNNING IDLE +4 FAILED +10 FAILED", 0, 0, 1, 0),
            ("RUNNING IDLE E=50348044 +2 FAILED +10 FAILED", 0, 0, 0, 1),
            ("RUNNING IDLE E=50348044 +2 FAILED E=0 PREPARE FAILED +10 FAILED", 1, 0, 1, 1),
            ("RUNNING IDLE +4 FINISH +10 FINISH", 0, 1, 0, 0), ("RUNNING IDLE PREPARE", 1, 0, 0, 1),
            ("RUNNING IDLE +12 FAILED +10 FAILED", 0, 0, 1, 1), ("SLICING IDLE +10 IDLE", 0, 0, 0, 0),
            ("FINISH IDLE +10 IDLE", 0, 0, 0, 0), ("FAILED +20 IDLE +10 IDLE", 0, 0, 0, 0),
            // A restart reports nothing about the job.
            ("RUNNING ? RUNNING", 0, 0, 0, 0), ("RUNNING INIT RUNNING", 0, 0, 0, 0),
            ("IDLE RUNNING FINISH ? INIT FINISH", 1, 1, 0, 0),
            ("IDLE OFFLINE RUNNING", 1, 0, 0, 0), ("RUNNING CALIBRATING RUNNING", 0, 0, 0, 0),
            // Gaps.
            ("RUNNING | RUNNING", 0, 0, 0, 0), ("RUNNING | FINISH | FINISH", 0, 1, 0, 0),
            ("IDLE | RUNNING | PAUSE | RUNNING", 1, 0, 0, 0),
            ("N=a RUNNING | N=a RUNNING", 0, 0, 0, 0), ("N=a RUNNING | N=b RUNNING", 1, 0, 0, 0),
            ("N=a RUNNING | N=b PAUSE", 0, 0, 0, 0),
            ("N=a I=1 RUNNING | N=a RUNNING I=1 RUNNING", 0, 0, 0, 0),
            ("N=a I=1 RUNNING | N=a I=2 RUNNING", 1, 0, 0, 0),
            ("a:RUNNING | a:IDLE +10 IDLE", 0, 0, 0, 1), ("a:RUNNING | b:IDLE +10 IDLE", 0, 0, 0, 0),
            ("N=a RUNNING N=b RUNNING", 0, 0, 0, 0), ("N=a FINISH | N=b FINISH", 0, 0, 0, 0),
            // Gaps after which other values are reported first.
            ("a:RUNNING ~ b:RUNNING", 1, 0, 0, 0), ("a:RUNNING ~ . b:RUNNING", 1, 0, 0, 0),
            ("a:RUNNING ~ . RUNNING b:RUNNING", 1, 0, 0, 0), ("a:RUNNING . # . . b:RUNNING", 1, 0, 0, 0),
            ("a:RUNNING ? . RUNNING b:RUNNING", 1, 0, 0, 0), ("a:PAUSE ~ . b:RUNNING", 1, 0, 0, 0),
            ("a:RUNNING ~ . a:RUNNING b:RUNNING", 0, 0, 0, 0), ("a:RUNNING ~ . b:PAUSE RUNNING", 0, 0, 0, 0),
            ("a:RUNNING ~ . a:RUNNING . a:RUNNING", 0, 0, 0, 0), ("a:RUNNING ~ . b:FINISH", 0, 1, 0, 0),
            // A start that is seen ends the gap, even if the name arrives late.
            ("a:RUNNING ~ . FINISH PREPARE b:RUNNING", 1, 1, 0, 0),
        ] as [(String, Int, Int, Int, Int)])
    func `transitions count once`(script: String, started: Int, finished: Int, failed: Int, cancelled: Int) {
        #expect(Counts(play(script).printer.jobs) == Counts(started, finished, failed, cancelled))
    }

    @Test func `a failure without a reason counts after 10 s without reports`() {
        var (printer, time) = play("RUNNING FAILED")
        printer.resolvePendingEnd(at: time + 9)
        #expect(printer.jobs.hasPendingEnd && printer.jobs.failed == 0)
        printer.resolvePendingEnd(at: time + 10)
        #expect(!printer.jobs.hasPendingEnd && printer.jobs.failed == 1)
        printer.resolvePendingEnd(at: time + 20)
        #expect(printer.jobs.failed == 1)
    }

    @Test func `a failure with its own reason counts at once`() {
        var printer = Printer(Report.delta(#""gcode_state":"RUNNING","print_error":0"#))
        printer.report(#""gcode_state":"FAILED","print_error":50364426"#)
        #expect(printer.jobs.failed == 1)
    }

    @Test func `the start is when it was seen, and absent when idle`() {
        #expect(play("RUNNING").printer.jobs.startTime == nil)
        #expect(play("IDLE PREPARE RUNNING PAUSE RUNNING").printer.jobs.startTime == 1002)
        #expect(play("IDLE PREPARE FINISH").printer.jobs.startTime == 1002)
        #expect(play("IDLE PREPARE FINISH IDLE").printer.jobs.startTime == nil)
        #expect(play("IDLE PREPARE | PREPARE").printer.jobs.startTime == 1002)
        #expect(play("IDLE a:PREPARE ~ . b:PREPARE").printer.jobs.startTime == nil)
        #expect(play("IDLE ~ PREPARE").printer.jobs.startTime == 1002)
        #expect(play("IDLE | +60 PREPARE").printer.jobs.startTime == nil)
        #expect(play("IDLE a:PREPARE ~ . b:PAUSE").printer.jobs.startTime == nil)
    }

    @Test func `a job that went idle is cancelled without a further report`() {
        var (printer, time) = play("RUNNING IDLE")
        printer.resolvePendingEnd(at: time + 9)
        #expect(printer.jobs.hasPendingEnd && printer.jobs.cancelled == 0)
        printer.resolvePendingEnd(at: time + 10)
        #expect(!printer.jobs.hasPendingEnd && printer.jobs.cancelled == 1)
    }

    @Test func `a job that goes idle and then fails as cancelled counts once`() {
        var (printer, time) = play("RUNNING IDLE")
        printer.report(#""gcode_state":"FAILED","print_error":50348044"#, at: time + 4)
        printer.resolvePendingEnd(at: time + 20)
        #expect(Counts(printer.jobs) == Counts(0, 0, 0, 1))
    }

    @Test func `a job at 100 % after a gap is not cancelled`() {
        var printer = Printer(Report.delta(#""gcode_state":"RUNNING","mc_percent":99"#))
        printer.forget()
        printer.report(#""gcode_state":"IDLE","mc_percent":100"#)
        printer.resolvePendingEnd(at: 2e9)
        #expect(printer.jobs.cancelled == 0)
    }

    @Test func `a new job drops the old job's progress`() {
        let old = #""gcode_state":"FINISH","mc_percent":100,"layer_num":9,"total_layer_num":9,"mc_remaining_time":0"#
        var printer = Printer(Report.full(old))
        printer.report(#""gcode_state":"PREPARE""#)
        #expect(printer.job.progress == nil && printer.job.layer == nil && printer.job.layers == nil)
        printer.report(#""mc_percent":3"#)
        #expect(printer.job.progress == 3)
        #expect(Printer(Report.full(old), Report.delta(#""gcode_state":"RUNNING","mc_percent":1"#)).job.progress == 1)
    }

    @Test func `a job that replaced another in a gap has no old progress`() {
        var printer = Printer(Report.full(#""gcode_state":"RUNNING","subtask_name":"a","layer_num":50"#))
        printer.interrupt()
        printer.report(#""subtask_name":"b","mc_percent":2"#)
        #expect(printer.jobs.started == 1 && printer.job.layer == nil && printer.job.progress == 2)
    }

    @Test(
        arguments: [
            ("RUNNING", #""1709144956""#, 1_709_144_956.0), ("RUNNING", #""0""#, nil), ("RUNNING", #""""#, nil),
            ("FINISH", "1709144956", 1_709_144_956), ("IDLE", #""1709144956""#, nil),
        ] as [(String, String, Double?)])
    func `an X1 reports when its job started`(state: String, wire: String, time: Double?) {
        #expect(Printer(Report.full(#""gcode_state":"\#(state)","gcode_start_time":\#(wire)"#)).job.startTime == time)
    }

    @Test func `the end is computed from the report with the time left`() {
        var printer = Printer(serial: "")
        printer.report(#""gcode_state":"RUNNING","mc_remaining_time":10"#, at: 1000)
        printer.report(#""mc_percent":5"#, at: 1050)
        #expect(printer.job.endTime == 1600)
        printer.report(#""mc_remaining_time":9"#, at: 1070)
        #expect(printer.job.endTime == 1610)
        printer.report(#""gcode_state":"FINISH""#, at: 1100)
        #expect(printer.job.endTime == nil)
    }

    @Test func `acknowledgements count nothing`() {
        var printer = Printer(Report.delta(#""gcode_state":"IDLE""#))
        printer.apply(#"{"print":{"command":"project_file","result":"success","gcode_state":"RUNNING"}}"#)
        printer.report(#""gcode_state":"IDLE""#)
        #expect(Counts(printer.jobs) == Counts(0, 0, 0, 0))
    }
}
