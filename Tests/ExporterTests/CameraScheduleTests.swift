import Platform
import Testing

@testable import Exporter

private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

@Suite("Camera schedule")
struct CameraScheduleTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func schedule(spread: Duration = .zero) -> CameraSchedule {
        CameraSchedule(spread: spread, random: Middle())
    }

    private func isDue(_ schedule: inout CameraSchedule, _ now: Instant) -> Bool {
        schedule.isDue(at: now, interval: .seconds(300))
    }

    @Test func `the camera of a printer that is down is not probed`() {
        var schedule = schedule()
        #expect(schedule.deadline == nil)
        #expect(isDue(&schedule, start + .seconds(3600)) == false)
    }

    @Test func `the first probe starts after the first full report`() {
        var schedule = schedule()
        schedule.record(isUp: true, at: start)
        #expect(isDue(&schedule, start + .seconds(3)) == false)
        schedule.recordFullReport(at: start + .seconds(4))
        #expect(isDue(&schedule, start + .seconds(4)) == true)
        #expect(isDue(&schedule, start + .seconds(4)) == false)
    }

    @Test func `without a full report the first probe starts after ten seconds`() {
        var schedule = schedule()
        schedule.record(isUp: true, at: start)
        #expect(schedule.deadline == start + .seconds(10))
        #expect(isDue(&schedule, start + .seconds(10)) == true)
    }

    @Test func `probes start at the interval, and never during another probe`() {
        var schedule = schedule()
        schedule.record(isUp: true, at: start)
        schedule.recordFullReport(at: start)
        #expect(isDue(&schedule, start) == true)
        #expect(schedule.deadline == nil)
        #expect(isDue(&schedule, start + .seconds(1000)) == false)
        schedule.recordEnd(at: start + .seconds(10))
        #expect(schedule.deadline == start + .seconds(300))
        #expect(isDue(&schedule, start + .seconds(300)) == true)
    }

    @Test func `reconnects do not make probes more frequent`() {
        var schedule = schedule()
        schedule.record(isUp: true, at: start)
        schedule.recordFullReport(at: start)
        #expect(isDue(&schedule, start) == true)
        schedule.record(isUp: false, at: start + .seconds(5))
        #expect(schedule.deadline == nil)
        schedule.recordEnd(at: start + .seconds(6))
        #expect(schedule.deadline == nil)
        schedule.record(isUp: true, at: start + .seconds(20))
        schedule.recordFullReport(at: start + .seconds(20))
        #expect(schedule.deadline == start + .seconds(300))
    }

    @Test func `many cameras start apart and do not converge`() {
        var starts: Set<Instant> = []
        for _ in 0..<100 {
            var schedule = CameraSchedule(spread: .seconds(25))
            schedule.record(isUp: true, at: start)
            schedule.recordFullReport(at: start)
            guard let first = schedule.deadline else { continue }
            #expect((start...start + .seconds(25)).contains(first))
            #expect(isDue(&schedule, first) == true)
            schedule.recordEnd(at: first + .seconds(10))
            let second = schedule.deadline ?? first
            #expect((first + .seconds(285)...first + .seconds(315)).contains(second))
            starts.insert(second)
        }
        #expect(starts.count > 90)
    }
}
