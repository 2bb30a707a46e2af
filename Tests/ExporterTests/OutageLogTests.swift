import Platform
import Testing

@testable import Exporter

@Suite("OutageLog")
struct OutageLogTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func after(_ seconds: Int) -> Instant { start + .seconds(seconds) }

    @Test func `the first reports end no outage`() {
        var outage = OutageLog()
        #expect(outage.up(at: start) == .first)
    }

    @Test func `an outage is one warning, and its end reports the length`() {
        var outage = OutageLog()
        #expect(outage.down("timeout", at: start) == .warn)
        #expect(outage.down("timeout", at: after(5)) == .debug)
        #expect(outage.down("refused", at: after(10)) == .info)
        #expect(outage.down("timeout", at: after(20)) == .debug)
        #expect(outage.up(at: after(200)) == .after(.seconds(200)))
        #expect(outage.deadline == nil)
    }

    @Test func `an outage after a minute of reports is a new one`() {
        var outage = OutageLog()
        _ = outage.down("timeout", at: start)
        _ = outage.up(at: after(10))
        #expect(outage.down("timeout", at: after(70)) == .warn)
    }

    @Test func `a flapping connection is logged once until it is stable`() {
        var outage = OutageLog()
        _ = outage.down("network", at: start)
        #expect(outage.up(at: after(1)) == .after(.seconds(1)))
        for round in 1..<100 {
            #expect(outage.down("network", at: after(10 * round)) == .debug)
            #expect(outage.up(at: after(10 * round + 1)) == .repeated)
        }
        #expect(outage.deadline == after(991 + 60))
        #expect(outage.tick(at: after(1050)) == nil)
        #expect(
            outage.tick(at: after(1051)) == OutageLog.Stability(outage: .seconds(991), interruptions: 99))
        #expect(outage.down("network", at: after(1052)) == .warn)
    }
}
