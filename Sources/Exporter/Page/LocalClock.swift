import Glibc

/// Writes times of day in the time zone of this process: that of `TZ`, or else of `/etc/localtime`.
struct LocalClock {
    /// In seconds since 1970.
    let now: Double
    private let today: CalendarTime?

    init(now: Double) {
        self.now = now
        today = CalendarTime(now)
    }

    /// The time of day with its zone, such as `23:15 UTC`.
    ///
    /// For another day it also contains the weekday, and from six days away the date.
    ///
    /// - Parameter time: in seconds since 1970.
    /// - Returns: `nil` if the time is out of range.
    func text(_ time: Double) -> String? {
        guard let today, let then = CalendarTime(time) else { return nil }
        return then.text(seenFrom: today, daysApart: abs(time - now) / 86_400)
    }

    /// How long ago a time was, such as `3 h 5 min ago`.
    func age(_ time: Double) -> String { StatusText.age(now - time) }
}

/// The fields of a time in a time zone.
struct CalendarTime: Equatable {
    var year: Int
    /// 1 to 12.
    var month: Int
    var day: Int
    /// 0 is Sunday.
    var weekday: Int
    var hour: Int
    var minute: Int
    /// Such as `UTC` or `CEST`.
    var zone: String

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    func text(seenFrom today: CalendarTime, daysApart: Double) -> String {
        let clock = "\(hour):\(minute < 10 ? "0" : "")\(minute) \(zone)"
        if (year, month, day) == (today.year, today.month, today.day) { return clock }
        if daysApart < 6, Self.weekdays.indices.contains(weekday) { return "\(Self.weekdays[weekday]) \(clock)" }
        guard Self.months.indices.contains(month - 1) else { return clock }
        return "\(day) \(Self.months[month - 1]) \(clock)"
    }
}

extension CalendarTime {
    /// The time in the zone of this process; `nil` if the time is out of range.
    init?(_ secondsSince1970: Double) {
        guard abs(secondsSince1970) < 1e11, var seconds = time_t(exactly: secondsSince1970.rounded(.down)) else {
            return nil
        }
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return nil }
        year = Int(parts.tm_year) + 1900
        month = Int(parts.tm_mon) + 1
        day = Int(parts.tm_mday)
        weekday = Int(parts.tm_wday)
        hour = Int(parts.tm_hour)
        minute = Int(parts.tm_min)
        zone = parts.tm_zone.map { String(cString: $0) } ?? ""
    }
}
