import Glibc

/// Writes times of day in the time zone of this process: that of `TZ`, or else of `/etc/localtime`.
struct LocalClock {
    /// In seconds since 1970.
    let now: Double

    /// The time of day with its zone, such as `23:15 UTC`.
    ///
    /// For another day it also contains the weekday, and from six days away the date.
    ///
    /// - Parameter time: in seconds since 1970.
    /// - Returns: `nil` if the time is out of range.
    func text(_ time: Double) -> String? {
        guard let today = Self.fields(of: now), let then = Self.fields(of: time) else { return nil }
        return Self.text(of: then, seenFrom: today, daysApart: abs(time - now) / 86_400)
    }

    /// The fields of a time in the zone of this process; `nil` if the time is out of range.
    private static func fields(of time: Double) -> tm? {
        guard abs(time) < 1e11, var seconds = time_t(exactly: time.rounded(.down)) else { return nil }
        var fields = tm()
        return localtime_r(&seconds, &fields) == nil ? nil : fields
    }

    static func text(of time: tm, seenFrom today: tm, daysApart: Double) -> String {
        let isToday = (time.tm_year, time.tm_yday) == (today.tm_year, today.tm_yday)
        let day = isToday ? "" : daysApart < 6 ? "%a " : "%-d %b "
        return time.text(day + "%-H:%M %Z")
    }
}
