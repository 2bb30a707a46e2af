import BambuMetrics
import OpenMetrics
import Reactor

/// Turns printers into an exposition. A printer of which nothing has changed since the last scrape is not rendered
/// again.
final class Exposer: Sendable {
    private struct Rendered {
        let version: UInt64
        let block: Block
    }

    private let cache = Locked<[ObjectIdentifier: Rendered]>([:])

    /// The samples of printers, and those of the exporter where `exporter` is given.
    func body(
        of cells: [PrinterCell], exporter: ExporterSnapshot?, in format: ExpositionFormat, at now: Instant
    ) -> [UInt8] {
        var body: [UInt8] = []
        let blocks = cells.compactMap { block(of: $0, at: now) }
        if !blocks.isEmpty { Catalogue.printerSchema.assemble(blocks, in: format, into: &body) }
        if let exporter {
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: format, into: &body)
        }
        Schema.finish(&body, in: format)
        return body
    }

    private func block(of cell: PrinterCell, at now: Instant) -> Block? {
        guard let published = cell.read(at: now) else { return nil }
        let key = ObjectIdentifier(cell)
        if let rendered = cache.withLock({ $0[key] }), rendered.version == published.version { return rendered.block }
        let block = Catalogue.printer.block(of: published.snapshot)
        cache.withLock { $0[key] = Rendered(version: published.version, block: block) }
        return block
    }

    /// Drops what was rendered of printers that are no more.
    func keepOnly(_ cells: [PrinterCell]) {
        let kept = Set(cells.map(ObjectIdentifier.init))
        cache.withLock { $0 = $0.filter { kept.contains($0.key) } }
    }
}
