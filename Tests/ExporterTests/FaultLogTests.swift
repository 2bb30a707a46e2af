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

    @Test func `a fault is logged again only if its text becomes known`() throws {
        func catalogue(_ code: String) throws -> FaultTexts {
            let text = #"{"result":0,"data":{"device_hms":{"en":[{"ecode":"\#(code)","intro":"Text."}]}}}"#
            guard case .texts(let texts) = FaultTexts.read(Array(text.utf8), language: "en") else {
                throw CancellationError()
            }
            return texts
        }
        let (other, own) = (try catalogue("0000000200010001"), try catalogue("0000000100010001"))
        var faults = FaultLog()
        #expect(faults.newMessages(messages(1), at: start) == messages(1))
        for (old, new, isLogged) in [(nil, other, false), (other, own, true), (own, own, false)] {
            faults.replaceTexts(old, by: new)
            #expect(faults.newMessages(messages(1), at: start) == (isLogged ? messages(1) : []))
        }
    }

    @Test func `at most 64 messages an hour are logged`() {
        var faults = FaultLog()
        let many = (0..<100).map { messages(1000 + $0) }
        #expect(many.map { faults.newMessages($0, at: start).count }.reduce(0, +) == 64)
        #expect(faults.newMessages(messages(1), at: start + .seconds(3600)) == messages(1))
    }
}
