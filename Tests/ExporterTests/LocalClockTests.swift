import Glibc
import Testing

@testable import Exporter

@Suite("Times of day on the page")
struct LocalClockTests {
    /// A time in November 2026, in the zone CET.
    private func time(_ day: Int32, _ hour: Int32, _ minute: Int32) -> tm {
        var fields = tm()
        (fields.tm_year, fields.tm_mon, fields.tm_mday) = (126, 10, day)
        (fields.tm_hour, fields.tm_min) = (hour, minute)
        // Derives the day of the week and of the year.
        timegm(&fields)
        fields.tm_zone = UnsafePointer(strdup("CET"))
        return fields
    }

    private func text(_ time: tm, from today: tm, daysApart: Double) -> String {
        LocalClock.text(of: time, seenFrom: today, daysApart: daysApart)
    }

    @Test func `a time of today is a clock time with its zone`() {
        #expect(text(time(27, 23, 5), from: time(27, 9, 0), daysApart: 0.6) == "23:05 CET")
    }

    @Test func `a time of another day has the weekday, also a minute after midnight`() {
        #expect(text(time(28, 0, 1), from: time(27, 23, 59), daysApart: 0.001) == "Sat 0:01 CET")
    }

    @Test func `a time six days away has the date, for its weekday is ambiguous`() {
        #expect(text(time(20, 8, 30), from: time(27, 8, 30), daysApart: 7) == "20 Nov 8:30 CET")
        #expect(text(time(3, 8, 30), from: time(27, 8, 30), daysApart: 24) == "3 Nov 8:30 CET")
    }

    @Test func `the clock uses the zone of the process`() throws {
        var noon: time_t = 1_795_780_800
        let fields = try #require(localtime(&noon)?.pointee)
        let text = try #require(LocalClock(now: Double(noon)).text(Double(noon)))
        #expect(text.hasPrefix("\(fields.tm_hour):") && text.hasSuffix(String(cString: fields.tm_zone)))
    }

    @Test(arguments: [Double.nan, .infinity, 1e300, -1e12]) func `a time that no calendar holds has no text`(
        time: Double
    ) {
        #expect(LocalClock(now: 0).text(time) == nil && LocalClock(now: time).text(0) == nil)
    }
}
