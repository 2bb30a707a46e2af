import Testing

@testable import BambuProtocol

@Suite("Messages")
struct MessageTests {
    @Test(arguments: [
        #"{"print":{"nozzle_temper":210.5,"msg":1,"sequence_id":"12"}}"#,
        #"{"print":{"nozzle_temper":210.5,"command":"push_status"}}"#,
        #"{"print":{"command":"push_status","nozzle_temper":"210.5"},"t_utc":1752000000123}"#,
        "\n { \"print\" : \r\n {\"nozzle_temper\" : 2.105e2 } }\n",
    ])
    func `a report has no result and no other command`(message: String) {
        var printer = Printer(serial: "")
        #expect(printer.apply(message, at: 5).isReport)
        #expect(printer.toolhead.nozzles.first?.temperature.measured == 210.5)
        #expect(printer.lastReport == 5)
    }

    @Test(arguments: [
        #"{"print":{"gcode_state":"RUNNING","hms":"x","nozzle_temper":1e300,"command":"stop","result":"SUCCESS"}}"#,
        #"{"print":{"result":"fail","command":"push_status","gcode_state":"RUNNING"}}"#,
        #"{"print":{"command":"gcode_line","gcode_state":"RUNNING"}}"#,
        #"{"print":{"command":"project_file","subtask_name":"x","gcode_state":"RUNNING","mc_percent":[]}}"#,
        #"{"system":{"command":"ledctrl","result":"fail","sequence_id":"2301"}}"#,
        #"{"info":{"command":"get_access","module":[5,6],"result":"success"}}"#,
        #"{"liveview":{"command":"prepare"},"t_utc":1700000000000}"#,
        #"{"mc_print":{"command":"push_info","param":"[AMS][TASK]ams0 temp:18.4;humidity:30%;humidity_idx:4"}}"#,
        "{}",
    ])
    func `a message that is not a report keeps state and counts`(message: String) {
        var printer = Printer(Report.delta(#""gcode_state":"IDLE","nozzle_temper":20"#))
        let before = printer.state
        let outcome = printer.apply(message)
        #expect(!outcome.isReport && outcome.rejection == nil)
        #expect(printer.state == before && printer.rejectedFields == 0 && printer.jobs.started == 0)
        #expect(printer.lastReport == 1_700_000_000)
        #expect(printer.messages == 2)
    }

    @Test(
        arguments: [
            ("[1,2,3]", Printer.Rejection.shape), ("5", .shape), ("null", .shape), (#"{"print":[1,2,3]}"#, .shape),
            (#"{"print":null}"#, .shape), (#"{"print":"x","wifi_signal":"-50dBm"}"#, .shape),
            ("", .json), ("not json", .json), (#"{"print":{"mc_percent":5}"#, .json), (#"{"print":{}} x"#, .json),
            (#"{"print":{"mc_percent":05}}"#, .json),
            (String(repeating: "[", count: 100_000), .json),
            (#"{"print":{"a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}}", .json),
            (#"{"print":{"a":""# + String(repeating: "x", count: Printer.messageLimit) + "\"}}", .oversize),
        ] as [(String, Printer.Rejection)])
    func `an unusable message is counted once and changes nothing`(
        message: String, reason: Printer.Rejection
    ) {
        var printer = Printer(Report.delta(#""mc_percent":7"#))
        let before = printer.state
        #expect(printer.apply(message).rejection == reason)
        #expect(printer.state == before)
        #expect(printer.rejectedMessages == [reason: 1])
        #expect(printer.rejectedFields == 0)
        #expect(printer.messages == 2)
        #expect(printer.messageBytes == Report.delta(#""mc_percent":7"#).utf8.count + message.utf8.count)
    }

    @Test func `an undelivered oversize message is counted`() {
        var printer = Printer(serial: "")
        printer.rejectOversize()
        #expect(printer.messages == 1 && printer.messageBytes == 0)
        #expect(printer.rejectedMessages == [.oversize: 1])
    }

    @Test func `fields beside print are read too`() {
        let printer = Printer(#"{"wifi_signal":"-51dBm","ams":{"ams":[{"id":"0","tray":[]}]},"fun":"1"}"#)
        #expect(printer.hardware.wifiSignal == -51)
        #expect(printer.ams.units.map(\.id.rawValue) == [0])
    }

    @Test(
        arguments: [
            ("700", "701", false), ("700", "702", true), ("700", "3", false), ("2021", "2021", false),
            ("700", "x", false), ("700", "1e300", false),
        ] as [(String, String, Bool)])
    func `a jump ahead of the sequence number is a loss`(first: String, second: String, isLoss: Bool) {
        var printer = Printer(Report.delta(#""sequence_id":"\#(first)""#))
        #expect(printer.report(#""sequence_id":"\#(second)""#).isAfterLoss == isLoss)
    }

    @Test func `the sequence number of an acknowledgement is ignored`() {
        var printer = Printer(Report.delta(#""sequence_id":"700""#))
        printer.apply(#"{"print":{"command":"stop","result":"SUCCESS","sequence_id":"20002"}}"#)
        #expect(!printer.report(#""sequence_id":"701""#).isAfterLoss)
    }

    @Test func `bytes that are not UTF-8 are replaced and not counted`() {
        var printer = Printer(serial: "")
        let bytes = Array(#"{"print":{"mc_percent":5,"subtask_name":"a"#.utf8) + [0xFF, 0xFE] + Array(#""}}"#.utf8)
        for _ in 0..<2 { #expect(bytes.withUnsafeBytes { printer.apply($0, at: 1) }.isReport) }
        #expect(printer.job.progress == 5 && printer.rejectedFields == 0)
        #expect(printer.job.task?.hasPrefix("a\u{FFFD}") == true)
    }

    @Test func `texts are cut and their control characters replaced`() {
        let long = Printer(Report.delta(#""subtask_name":"\#(String(repeating: "ä", count: 65_536))""#))
        #expect(long.job.task?.unicodeScalars.count == 256)
        let odd = Printer(Report.delta(#""subtask_name":"a\u0000b\tc\rd\ne\u007f\u0085""#))
        #expect(odd.job.task == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\ne\u{FFFD}\u{FFFD}")
    }

    @Test func `a message cut at any byte is rejected as a whole`() {
        let message = Array(
            Report.full(#""gcode_state":"RUNNING","hms":[{"attr":1,"code":65537}],"ams":{"ams":[{"id":"0"}]}"#).utf8)
        for end in 0..<message.count {
            var printer = Printer(serial: "")
            #expect(message[..<end].withUnsafeBytes { printer.apply($0, at: 1) }.rejection == .json)
            #expect(printer.state == nil)
        }
    }
}
