import BambuProtocol
import Platform
import Testing

@testable import Exporter

@Suite("FaultLog")
struct FaultLogTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func messages(_ attributes: Int...) -> [HMSMessage] {
        let list = attributes.map { #"{"attr":\#($0),"code":65537}"# }.joined(separator: ",")
        var printer = Printer(serial: "")
        _ = Array(#"{"print":{"hms":[\#(list)]}}"#.utf8).withUnsafeBytes { printer.apply($0, at: 0) }
        return printer.state?.hms ?? []
    }

    @Test func `an error is logged when it appears, and again after another`() {
        var faults = FaultLog()
        #expect([0, 7, 7, 0, 7, 8].map { faults.newError($0) } == [nil, 7, nil, nil, 7, 8])
    }

    @Test func `a message that flaps is logged once an hour`() {
        var faults = FaultLog()
        #expect(faults.newMessages(messages(1), at: start) == messages(1))
        #expect(faults.newMessages(messages(1, 2), at: start) == messages(2))
        for second in 1...100 {
            #expect(faults.newMessages(messages(), at: start + .seconds(2 * second)).isEmpty)
            #expect(faults.newMessages(messages(1), at: start + .seconds(2 * second + 1)).isEmpty)
        }
        #expect(faults.newMessages(messages(), at: start + .seconds(3600)).isEmpty)
        #expect(faults.newMessages(messages(1), at: start + .seconds(3600)) == messages(1))
    }

    @Test func `at most 64 messages an hour are logged`() {
        var faults = FaultLog()
        let many = (0..<100).map { messages(1000 + $0) }
        #expect(many.map { faults.newMessages($0, at: start).count }.reduce(0, +) == 64)
        #expect(faults.newMessages(messages(1), at: start + .seconds(3600)) == messages(1))
    }
}
