import BambuMetrics
import BambuProtocol

/// What `/sd` tells Prometheus: where each printer, and the exporter itself, is scraped.
///
/// Source: prometheus.io, docs/prometheus/latest/http_sd.
enum ServiceDiscovery {
    struct TargetGroup: Encodable, Equatable {
        let targets: [String]
        let labels: [String: String]
    }

    /// The exporter's parameter is `collect` here, for a label's name can have no brackets; `/metrics` takes both.
    ///
    /// The exporter's target has no `instance`: Prometheus then takes the address, so that two exporters differ.
    ///
    /// - Parameters:
    ///   - origin: where scrapes go.
    ///   - path: in front of every path.
    static func targets(
        origin: Site.Origin, path: String, telemetryPath: String, printers: [PrinterSnapshot]
    ) -> [TargetGroup] {
        let exporter = TargetGroup(
            targets: [origin.host],
            labels: [
                "__metrics_path__": path + telemetryPath, "__param_collect": "exporter",
                "__scheme__": origin.scheme, "__meta_bambu_serial": "", "__meta_bambu_model": "",
                "__meta_bambu_transport": "",
            ])
        return [exporter]
            + printers.map { printer in
                TargetGroup(
                    targets: [origin.host],
                    labels: [
                        "instance": printer.name, "__metrics_path__": path + "/probe", "__param_target": printer.name,
                        "__scheme__": origin.scheme, "__meta_bambu_serial": printer.printer.serial,
                        "__meta_bambu_model": printer.model.name,
                        "__meta_bambu_transport": printer.transport.rawValue,
                    ])
            }
    }
}
