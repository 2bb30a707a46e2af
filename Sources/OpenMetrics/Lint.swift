/// Rules of the field for names and helps, as promlint and the OpenMetrics specification have them, and our own.
package enum Lint {
    /// Labels that scrapers and alerts own: a metric that has them loses them, or breaks a rule.
    private static let reservedLabels: Set = [
        "job", "instance", "endpoint", "namespace", "pod", "service", "container", "node", "cluster", "severity",
        "alertname", "le", "quantile", "__name__",
    ]

    /// What is wrong with a metric; empty where nothing is.
    package static func findings(on metric: Descriptor) -> [String] {
        var findings: [String] = []
        func expect(_ isRight: Bool, _ finding: String) {
            if !isRight { findings.append("\(metric.name): \(finding)") }
        }
        expect(isName(metric.name), "the name has other characters than a to z, digits and underscores")
        expect(metric.labels.allSatisfy(isName), "a label's name has other characters")
        expect(Set(metric.labels).count == metric.labels.count, "a label is there twice")
        expect(reservedLabels.isDisjoint(with: metric.labels), "a label is one that scrapers or alerts own")
        expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "counters, and only they, end in _total")
        expect(metric.help.hasSuffix("."), "the help does not end in a full stop")
        expect(metric.help.first?.isUppercase == true, "the help does not begin with a capital")
        expect(!metric.help.contains("\n"), "the help has more than one line")
        for word in ["gauge", "counter", "minutes", "hours", "ms", "millimeters", "fahrenheit"] {
            expect(!metric.name.split(separator: "_").contains(Substring(word)), "the name says \(word)")
        }
        return findings
    }

    private static func isName(_ name: String) -> Bool {
        name.utf8.first.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 } == true
            && name.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || $0 == UInt8(ascii: "_")
            } && !name.hasPrefix("__")
    }
}
