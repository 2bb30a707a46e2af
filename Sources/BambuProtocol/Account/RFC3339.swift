import Glibc

/// Parses dates and times such as `2024-03-01T12:30:00Z`.
package enum RFC3339 {
    /// Seconds since 1970; `nil` if the text is not such a time. A time without a zone is read as UTC.
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
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        return Double(timegm(&parts) - offset) + fraction
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (48...57).contains($0) } ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// The fraction of the second, and the zone's offset in seconds; `nil` if the text is not valid.
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
}
