import BambuMetrics
import OpenMetrics
import Platform

/// The state of printers and of the exporter at one moment, rendered only as far as a response needs it.
struct Exposition {
    /// The printers' versions. Equal ones render the same bytes.
    struct Version: Equatable {
        private let format: ExpositionFormat
        private let printers: [(mailbox: PrinterMailbox, version: UInt64)]

        fileprivate init(_ exposition: Exposition) {
            format = exposition.format
            printers = exposition.printers.map { ($0.mailbox, $0.published.version) }
        }

        static func == (left: Version, right: Version) -> Bool {
            left.format == right.format
                && left.printers.elementsEqual(right.printers) { $0.mailbox === $1.mailbox && $0.version == $1.version }
        }
    }

    private let printers: [(mailbox: PrinterMailbox, published: PrinterMailbox.Published)]
    private let exporter: ExporterSnapshot?
    private let format: ExpositionFormat

    /// - Parameter exporter: the exporter's own metrics; `nil` if only printers are asked for.
    init(of mailboxes: [PrinterMailbox], exporter: ExporterSnapshot?, in format: ExpositionFormat, at now: Instant) {
        printers = mailboxes.compactMap { mailbox in mailbox.read(at: now).map { (mailbox, $0) } }
        self.exporter = exporter
        self.format = format
    }

    var version: Version { Version(self) }

    /// The families of the printers.
    var head: [UInt8] { head(room: 0) }

    /// The families of the exporter, and the end of the exposition.
    var tail: [UInt8] {
        var bytes: [UInt8] = []
        if let exporter {
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: format, into: &bytes)
        }
        Schema.finish(&bytes, in: format)
        return bytes
    }

    var body: [UInt8] {
        let tail = tail
        var bytes = head(room: tail.count)
        bytes += tail
        return bytes
    }

    private func head(room: Int) -> [UInt8] {
        guard !printers.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let blocks = printers.map { $0.mailbox.block(of: $0.published) }
        Catalogue.printerSchema.assemble(blocks, in: format, into: &bytes, room: room)
        return bytes
    }
}
