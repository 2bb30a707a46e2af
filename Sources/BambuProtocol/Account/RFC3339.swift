/// Dates and times as `2024-03-01T12:30:00Z`.
package enum RFC3339 {
    /// Seconds since 1970; `nil` where the text is no such time. A time without a zone is taken for UTC.
    package static func seconds(of text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        guard bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " ") else { return nil }
        guard bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":") else { return nil }
        guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        guard let (fraction, offset) = rest(bytes[19...]) else { return nil }
        let seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        return Double(seconds) + fraction
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (48...57).contains($0) } ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// The fraction of the second, and the zone's offset in seconds.
    private static func rest(_ bytes: ArraySlice<UInt8>) -> (fraction: Double, offset: Int)? {
        var rest = bytes
        var fraction = 0.0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (48...57).contains($0) }
            guard !digits.isEmpty, digits.count <= 12 else { return nil }
            fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let sign = rest.first else { return (fraction, 0) }
        if sign | 0x20 == UInt8(ascii: "z") { return rest.count == 1 ? (fraction, 0) : nil }
        let zone = Array(rest.dropFirst())
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), zone.count == 5, zone[2] == UInt8(ascii: ":"),
            let hours = number(zone[0..<2]), let minutes = number(zone[3..<5])
        else { return nil }
        return (fraction, (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1))
    }

    /// Days from 1970-01-01 in the Gregorian calendar, by counting years from March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
