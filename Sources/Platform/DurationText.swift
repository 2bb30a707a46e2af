/// Durations in the format of Prometheus: `300ms`, `90s`, `5m`, `1h30m`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
        ("ms", 1),
    ]

    /// Parses a duration; `nil` if the text is invalid. Units are in descending order, each at most once.
    package static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var rest = Substring(text)
        var allowed = units[...]
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let amount = Int64(digits), let index = allowed.firstIndex(where: { $0.name == unit }) else {
                return nil
            }
            let (product, isTooLong) = amount.multipliedReportingOverflow(by: allowed[index].milliseconds)
            let (sum, isLonger) = total.addingReportingOverflow(product)
            guard !isTooLong, !isLonger else { return nil }
            total = sum
            allowed = allowed[(index + 1)...]
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return .milliseconds(total)
    }

    /// Formats a duration in milliseconds.
    package static func text(of duration: Duration) -> String {
        var rest = duration.nanoseconds / 1_000_000
        guard rest > 0 else { return "0s" }
        var text = ""
        // Weeks and years are not used: `10d` is easier to read than `1w3d`.
        for unit in units.dropFirst(2) where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }

    /// Formats a duration in whole seconds, as in log lines.
    package static func text(ofWholeSeconds duration: Duration) -> String {
        text(of: .seconds(max(0, Int64(duration.inSeconds.rounded()))))
    }
}
