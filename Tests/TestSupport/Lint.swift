package import OpenMetrics

/// Rules for metric names and help texts, from promlint, the OpenMetrics specification and this project.
package enum Lint {
    /// Labels of scrape targets and alerts. They would overwrite a metric's own labels, or break alert rules.
    private static let reservedLabels: Set = [
        "job", "instance", "endpoint", "namespace", "pod", "service", "container", "node", "cluster", "severity",
        "alertname", "le", "quantile", "__name__",
    ]

    /// The violations of a metric; empty for a valid one.
    package static func findings(on metric: Descriptor) -> [String] {
        var findings: [String] = []
        func expect(_ isValid: Bool, _ finding: String) {
            if !isValid { findings.append("\(metric.name): \(finding)") }
        }
        expect(isName(metric.name), "the name must consist of a to z, digits and underscores")
        expect(metric.labels.allSatisfy(isName), "label names must consist of a to z, digits and underscores")
        expect(Set(metric.labels).count == metric.labels.count, "a label is repeated")
        expect(reservedLabels.isDisjoint(with: metric.labels), "a label is reserved for scrapers or alerts")
        expect(
            metric.name.hasSuffix("_total") == (metric.kind == .counter),
            "counters must end in _total, and other metrics must not")
        expect(metric.help.hasSuffix("."), "the help must end with a full stop")
        expect(metric.help.first?.isUppercase == true, "the help must begin with a capital letter")
        expect(!metric.help.contains("\n"), "the help must be one line")
        for word in ["gauge", "counter", "minutes", "hours", "ms", "millimeters", "fahrenheit"] {
            expect(!metric.name.split(separator: "_").contains(Substring(word)), "the name must not contain \(word)")
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
