/// The name, kind, help and labels of a metric, which all its series share.
package struct Descriptor: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case gauge, counter
    }

    /// The complete name of the samples, so that a text search finds the declaration.
    package let name: String
    package let kind: Kind
    /// One sentence, ending in a full stop.
    package let help: String
    /// The names of the labels, in the order of output.
    package let labels: [String]

    package init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }

    /// The unit at the end of the name; `nil` if there is no unit, as for info gauges.
    package var unit: String? {
        let stem = familyName(in: .openMetrics)
        return Self.units.first { stem.hasSuffix("_\($0)") }
    }

    /// The units of this program's metrics. OpenMetrics requires base units; percent and dBm are exceptions, as
    /// printers and their app show them.
    private static let units = ["seconds", "celsius", "percent", "bytes", "grams", "dbm"]

    /// The name of the family in `# TYPE`: in OpenMetrics, a counter's family has no `_total`.
    package func familyName(in format: ExpositionFormat) -> String {
        let suffix = "_total"
        guard format == .openMetrics, kind == .counter, name.hasSuffix(suffix) else { return name }
        return String(name.dropLast(suffix.count))
    }

    /// The header lines of the family.
    func header(in format: ExpositionFormat) -> [UInt8] {
        let family = familyName(in: format)
        var text = ""
        switch format {
        case .openMetrics:
            text += "# TYPE \(family) \(kind.rawValue)\n"
            if let unit { text += "# UNIT \(family) \(unit)\n" }
            text += "# HELP \(family) \(Escaping.help(help, quotes: true))\n"
        case .text:
            text += "# HELP \(family) \(Escaping.help(help, quotes: false))\n# TYPE \(family) \(kind.rawValue)\n"
        }
        return Array(text.utf8)
    }
}
