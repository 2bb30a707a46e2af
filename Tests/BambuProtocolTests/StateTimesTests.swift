import Testing

@testable import BambuProtocol

@Suite("StateTimes")
struct StateTimesTests {
    @Test func `a time span counts for the state before it, a gap in part`() {
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
