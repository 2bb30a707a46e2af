import BambuMetrics
import BambuProtocol
import Foundation
import OpenMetrics

/// What a fleet's exposition costs when every value changed, beside the copy of its finished bytes.
///
/// Prints a line: samples, bytes, and nanoseconds a sample to render, to put the blocks together, and to copy.
enum RenderBenchmark {
    /// Enough for the finished bytes to lie outside the processor's nearest cache, as a fleet's do.
    private static let printers = 50

    /// - Parameter arguments: files of one message each, applied in turn.
    static func run(_ arguments: [String]) {
        var printer = Printer(serial: "00M00A000000001")
        for path in arguments {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            _ = Array(data).withUnsafeBytes { printer.apply($0, at: 0) }
        }
        var link = Link()
        link.isUp = true
        let snapshots = (0..<printers).map {
            PrinterSnapshot(name: "printer-\($0)", transport: .lan, link: link, printer: printer)
        }
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
}
