import Reactor
import Testing

@testable import Exporter

private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

@Suite("When a camera is looked at")
struct CameraScheduleTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func schedule(spread: Duration = .zero) -> CameraSchedule {
        CameraSchedule(spread: spread, random: Middle())
    }

    private func isDue(_ schedule: inout CameraSchedule, _ now: Instant) -> Bool {
        schedule.isDue(at: now, interval: .seconds(300))
    }

    @Test func `a printer that is down is not looked at`() {
        var schedule = schedule()
        #expect(schedule.deadline == nil)
        #expect(isDue(&schedule, start + .seconds(3600)) == false)
    }

    @Test func `the first look comes with the first full report`() {
        var schedule = schedule()
        schedule.note(isUp: true, at: start)
        #expect(isDue(&schedule, start + .seconds(3)) == false)
        schedule.noteFullReport(at: start + .seconds(4))
        #expect(isDue(&schedule, start + .seconds(4)) == true)
        #expect(isDue(&schedule, start + .seconds(4)) == false)
    }

    @Test func `without one it comes after ten seconds`() {
        var schedule = schedule()
        schedule.note(isUp: true, at: start)
        #expect(schedule.deadline == start + .seconds(10))
        #expect(isDue(&schedule, start + .seconds(10)) == true)
    }

    @Test func `the next look comes an interval after the start of the last, never while that goes on`() {
        var schedule = schedule()
        schedule.note(isUp: true, at: start)
        schedule.noteFullReport(at: start)
        #expect(isDue(&schedule, start) == true)
        #expect(schedule.deadline == nil)
        #expect(isDue(&schedule, start + .seconds(1000)) == false)
        schedule.noteEnd(at: start + .seconds(10))
        #expect(schedule.deadline == start + .seconds(300))
        #expect(isDue(&schedule, start + .seconds(300)) == true)
    }

    @Test func `a link that comes and goes does not make looks more frequent`() {
        var schedule = schedule()
        schedule.note(isUp: true, at: start)
        schedule.noteFullReport(at: start)
        #expect(isDue(&schedule, start) == true)
        schedule.note(isUp: false, at: start + .seconds(5))
        #expect(schedule.deadline == nil)
        schedule.noteEnd(at: start + .seconds(6))
        #expect(schedule.deadline == nil)
        schedule.note(isUp: true, at: start + .seconds(20))
        schedule.noteFullReport(at: start + .seconds(20))
        #expect(schedule.deadline == start + .seconds(300))
    }

    @Test func `many cameras begin apart, and do not come together`() {
        var starts: Set<Instant> = []
        for _ in 0..<100 {
            var schedule = CameraSchedule(spread: .seconds(25))
            schedule.note(isUp: true, at: start)
            schedule.noteFullReport(at: start)
            guard let first = schedule.deadline else { continue }
            #expect((start...start + .seconds(25)).contains(first))
            #expect(isDue(&schedule, first) == true)
            schedule.noteEnd(at: first + .seconds(10))
            let second = schedule.deadline ?? first
            #expect((first + .seconds(285)...first + .seconds(315)).contains(second))
            starts.insert(second)
        }
        #expect(starts.count > 90)
    }
}
