package import OpenMetrics

/// All metrics of the exporter.
///
/// The exposition, `docs/metrics.md`, the lint and the checks of dashboards and rules are derived from this type.
package enum Catalogue {
    /// The metrics of each printer; every series has the label `printer`.
    package static let printer: [MetricGroup<PrinterSnapshot>] = [
        .link, .job, .nozzles, .nozzleTimes, .hotends, .hotendTimes, .temperatures, .fans, .lights, .hardware,
        .firmware, .hms, .hmsMessages, .amsUnits, .ams,
        .trays, .filament, .camera, .cloud, .cloudShares,
    ]

    package static let exporter: [MetricGroup<ExporterSnapshot>] = [
        .account, .accountFailures, .brokerSessions, .exporter, .process,
    ]

    package static let printerSchema = Schema(
        printer.flatMap(\.descriptors).map { Descriptor($0.name, $0.kind, $0.help, labels: ["printer"] + $0.labels) })

    package static let exporterSchema = Schema(exporter.flatMap(\.descriptors))

    package static var descriptors: [Descriptor] { printerSchema.descriptors + exporterSchema.descriptors }
}
