import Testing

@testable import Exporter

@Suite("Times of day on the page")
struct LocalClockTests {
    private func time(_ day: Int, _ hour: Int, _ minute: Int, weekday: Int = 5) -> CalendarTime {
        CalendarTime(year: 2026, month: 11, day: day, weekday: weekday, hour: hour, minute: minute, zone: "CET")
    }

    @Test func `a time of today is a clock time with its zone`() {
        #expect(time(27, 23, 5).text(seenFrom: time(27, 9, 0), daysApart: 0.6) == "23:05 CET")
    }

    @Test func `a time of another day has the weekday, also a minute after midnight`() {
        #expect(time(28, 0, 1, weekday: 6).text(seenFrom: time(27, 23, 59), daysApart: 0.001) == "Sat 0:01 CET")
    }

    @Test func `a time six days away has the date, for its weekday is ambiguous`() {
        #expect(time(20, 8, 30).text(seenFrom: time(27, 8, 30), daysApart: 7) == "20 Nov 8:30 CET")
    }

    @Test func `the clock uses the zone of the process`() throws {
        let noon = try #require(CalendarTime(1_795_780_800))
        #expect(noon.year == 2026 && noon.month == 11 && !noon.zone.isEmpty)
        let text = try #require(LocalClock(now: 1_795_780_800).text(1_795_780_800))
        #expect(text.hasSuffix(noon.zone) && text.hasPrefix("\(noon.hour):"))
    }

    @Test(arguments: [Double.nan, .infinity, 1e300, -1e12]) func `a time that no calendar holds has no text`(
        time: Double
    ) {
        #expect(LocalClock(now: 0).text(time) == nil && LocalClock(now: time).text(0) == nil)
    }
}
