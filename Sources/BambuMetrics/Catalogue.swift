package import OpenMetrics

/// Every metric there is. The exposition, `docs/metrics.md`, the lint and the checks of dashboards and rules all come
/// from here.
package enum Catalogue {
    /// What is told of each printer; every series has the label `printer`.
    package static let printer: [MetricGroup<PrinterSnapshot>] = [
        .link, .job, .nozzles, .nozzleTimes, .hotends, .hotendTimes, .temperatures, .fans, .lights, .hardware,
        .firmware, .hms, .hmsMessages, .amsUnits, .ams,
        .trays, .filament, .camera, .cloud, .cloudShares,
    ]

    /// What is told of the exporter itself.
    package static let exporter: [MetricGroup<ExporterSnapshot>] = [
        .account, .accountFailures, .brokerSessions, .exporter, .process,
    ]

    /// The families of `printer`, in order.
    package static let printerSchema = Schema(
        printer.flatMap(\.descriptors).map { Descriptor($0.name, $0.kind, $0.help, labels: ["printer"] + $0.labels) })

    /// The families of `exporter`, in order.
    package static let exporterSchema = Schema(exporter.flatMap(\.descriptors))

    package static var descriptors: [Descriptor] { printerSchema.descriptors + exporterSchema.descriptors }
}
