/// Durations as Prometheus writes them: `300ms`, `90s`, `5m`, `1h30m`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// `nil` for what is no duration, and for a number without a unit.
    package static func parse(_ text: some StringProtocol) -> Duration? {
        var rest = Substring(text)
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard digits.count < 10, let number = Int64(digits) else { return nil }
            guard let unit = units.first(where: { $0.name == name }) else { return nil }
            total += number * unit.milliseconds
        }
        return .milliseconds(total)
    }
}
