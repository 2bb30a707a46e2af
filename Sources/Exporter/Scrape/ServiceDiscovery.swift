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
    /// - Parameter host: what the client calls this server; a scrape goes there too.
    static func targets(host: String, scheme: String, telemetryPath: String, printers: [PrinterSnapshot])
        -> [TargetGroup]
    {
        let exporter = TargetGroup(
            targets: [host],
            labels: [
                "instance": "exporter", "__metrics_path__": telemetryPath, "__param_collect": "exporter",
                "__scheme__": scheme, "__meta_bambu_serial": "", "__meta_bambu_model": "", "__meta_bambu_transport": "",
            ])
        return [exporter]
            + printers.map { printer in
                TargetGroup(
                    targets: [host],
                    labels: [
                        "instance": printer.name, "__metrics_path__": "/probe", "__param_target": printer.name,
                        "__scheme__": scheme, "__meta_bambu_serial": printer.printer.serial,
                        "__meta_bambu_model": printer.model.name,
                        "__meta_bambu_transport": printer.transport.rawValue,
                    ])
            }
    }
}
