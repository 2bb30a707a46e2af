import BambuMetrics
import BambuProtocol
import Platform

/// The response of `/sd`, Prometheus' HTTP service discovery: one target per printer and one for the exporter.
///
/// Source: prometheus.io, docs/prometheus/latest/http_sd.
enum ServiceDiscovery {
    struct TargetGroup: Equatable {
        let target: String
        let labels: [String: String]

        var json: String { "{\"labels\":\(labels.json),\"targets\":[\(target.quoted)]}" }
    }

    /// The exporter's query parameter is `collect`, since a label name cannot contain brackets; `/metrics` accepts
    /// both.
    ///
    /// The exporter's target has no `instance`, so that Prometheus uses the address and two exporters differ.
    ///
    /// - Parameters:
    ///   - origin: the scheme and host to scrape.
    ///   - path: the prefix of every path.
    static func targets(
        origin: Site.Origin, path: String, telemetryPath: String, printers: [PrinterSnapshot]
    ) -> [TargetGroup] {
        let exporter = ["__metrics_path__": path + telemetryPath, "__param_collect": "exporter"]
        let others = printers.map { printer in
            [
                "instance": printer.name, "__metrics_path__": path + "/probe", "__param_target": printer.name,
                "__meta_bambu_serial": printer.printer.serial, "__meta_bambu_model": printer.model.name,
                "__meta_bambu_transport": printer.transport.rawValue,
            ]
        }
        let common = [
            "__scheme__": origin.scheme, "__meta_bambu_serial": "", "__meta_bambu_model": "",
            "__meta_bambu_transport": "",
        ]
        return ([exporter] + others).map { labels in
            TargetGroup(target: origin.host, labels: common.merging(labels) { $1 })
        }
    }
}
