/// What a metric is called and what it means; the same for all of its series.
package struct Descriptor: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case gauge, counter
    }

    /// The name of the samples, whole, so that a search for it lands where it is declared.
    package let name: String
    package let kind: Kind
    /// One sentence, ending in a full stop.
    package let help: String
    /// The names of the labels, in the order in which they are written.
    package let labels: [String]

    package init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }

    /// The unit that the name ends in; `nil` where it ends in none. Info gauges have none.
    package var unit: String? {
        let stem = familyName(in: .openMetrics)
        return Self.units.first { stem.hasSuffix("_\($0)") }
    }

    /// Units of this program's metrics. OpenMetrics wants base units; percent and dBm are what printers and their
    /// app show.
    private static let units = ["seconds", "celsius", "percent", "bytes", "grams", "dbm"]

    /// What `# TYPE` calls the family: OpenMetrics leaves the `_total` of a counter to its samples.
    package func familyName(in format: ExpositionFormat) -> String {
        let suffix = "_total"
        guard format == .openMetrics, kind == .counter, name.hasSuffix(suffix) else { return name }
        return String(name.dropLast(suffix.count))
    }

    /// The lines that introduce the family.
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
