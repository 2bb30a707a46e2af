import BambuMetrics
import BambuProtocol
import Foundation
import OpenMetrics

/// The cost of a fleet's exposition if every value changed, compared with a copy of its finished bytes.
///
/// Prints one line: the number of samples and of bytes, then the nanoseconds per sample to render, to assemble the
/// blocks, and to copy.
enum RenderBenchmark {
    /// - Parameter arguments: Files with one message each, applied in turn.
    static func run(_ arguments: [String]) {
        let snapshots = snapshots(of: arguments.compactMap { FileManager.default.contents(atPath: $0) }, count: 50)
        let blocks = snapshots.map(Catalogue.printer.block)
        let samples = blocks.reduce(0) { $0 + $1.sampleCount }
        var finished: [UInt8] = []
        Catalogue.printerSchema.assemble(blocks, in: .openMetrics, into: &finished)
        var copy = finished
        let render = Stopwatch.nanoseconds { for snapshot in snapshots { _ = Catalogue.printer.block(of: snapshot) } }
        let assemble = Stopwatch.nanoseconds {
            var body: [UInt8] = []
            Catalogue.printerSchema.assemble(blocks, in: .openMetrics, into: &body)
        }
        let floor = Stopwatch.nanoseconds { copy.withUnsafeMutableBytes { $0.copyBytes(from: finished) } }
        let each = [render, assemble, floor].map { String($0 / Double(max(1, samples))) }
        print(samples, copy.count, each.joined(separator: " "))
    }

    /// Snapshots of printers that received the same messages.
    static func snapshots(of messages: [Data], count: Int) -> [PrinterSnapshot] {
        var printer = Printer(serial: "00M00A000000001")
        for message in messages { _ = Array(message).withUnsafeBytes { printer.apply($0, at: 0) } }
        var link = Link()
        link.isUp = true
        return (0..<count).map {
            PrinterSnapshot(name: "printer-\($0)", transport: .lan, link: link, printer: printer)
        }
    }
}
