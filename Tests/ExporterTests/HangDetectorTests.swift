import Platform
import Reactor
import Testing

@testable import Exporter

@Suite("HangDetector")
struct HangDetectorTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func `a hanging loop is measured until it turns again`() {
        var detector = HangDetector()
        for second in 0...40 { detector.check(turns: 7, at: start + .seconds(second)) }
        #expect(detector.stalled == .seconds(40))
        detector.check(turns: 8, at: start + .seconds(41))
        #expect(detector.stalled == .zero)
    }

    @Test func `a suspended machine is not a hang`() {
        var detector = HangDetector()
        detector.check(turns: 7, at: start)
        detector.check(turns: 7, at: start + .seconds(3600))
        #expect(detector.stalled == .seconds(2))
    }
}
