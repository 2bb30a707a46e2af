import Reactor
import Testing

@testable import Exporter

@Suite("HangDetector")
struct HangDetectorTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func `a loop that does not turn is stalled for as long as that, and then no more`() {
        var detector = HangDetector()
        for second in 0...40 { detector.look(turns: 7, at: start + .seconds(second)) }
        #expect(detector.stalled == .seconds(40))
        detector.look(turns: 8, at: start + .seconds(41))
        #expect(detector.stalled == .zero)
    }

    @Test func `a machine that was asleep has not hung`() {
        var detector = HangDetector()
        detector.look(turns: 7, at: start)
        detector.look(turns: 7, at: start + .seconds(3600))
        #expect(detector.stalled == .seconds(2))
    }
}
