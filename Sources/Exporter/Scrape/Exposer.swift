import BambuMetrics
import OpenMetrics
import Reactor

/// Puts an exposition together.
enum Exposer {
    /// The samples of printers, and those of the exporter where `exporter` is given.
    static func body(
        of cells: [PrinterCell], exporter: ExporterSnapshot?, in format: ExpositionFormat, at now: Instant
    ) -> [UInt8] {
        var body: [UInt8] = []
        let blocks = cells.compactMap { $0.block(at: now) }
        if !blocks.isEmpty { Catalogue.printerSchema.assemble(blocks, in: format, into: &body) }
        if let exporter {
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: format, into: &body)
        }
        Schema.finish(&body, in: format)
        return body
    }
}
