import BambuMetrics
import BambuProtocol
import Foundation
import OpenMetrics
import Reactor

/// Measures the two things that every report and every scrape cost, each beside something real in the same run.
///
/// Figures are medians of rounds that alternate between the contestants, so that a busy neighbour is everybody's.
enum Benchmark {
    private static let rounds = 15

    static func runAll() {
        let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Tests/Fixtures")
        for name in ["x1c-printing-four-units-ht", "p1s-printing-deltas"] { ingest(name, in: fixtures) }
        render(in: fixtures)
        CameraBenchmark.run()
    }

    private static func messages(_ name: String, in folder: URL) -> (serial: String, messages: [[UInt8]])? {
        struct About: Decodable { let serial: String }
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        // Fixtures may be renamed; what counts is the model that the name begins with.
        let model = name.split(separator: "-").first.map(String.init) ?? name
        let candidates = files.filter { $0.pathExtension == "jsonl" && $0.lastPathComponent.hasPrefix(model + "-") }
        guard let file = candidates.sorted(by: { $0.path < $1.path }).first,
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return nil }
        let lines = text.split(separator: "\n").map { Array($0.utf8) }
        guard let first = lines.first, let about = try? JSONDecoder().decode(About.self, from: Data(first)) else {
            return nil
        }
        return (about.serial, Array(lines.dropFirst()))
    }

    /// Messages taken into state, beside Foundation's reading of the same bytes.
    private static func ingest(_ name: String, in folder: URL) {
        guard let (serial, messages) = messages(name, in: folder) else { return }
        let bytes = messages.reduce(0) { $0 + $1.count }
        var printer = Printer(serial: serial)
        let datas = messages.map { Data($0) }
        let results = alternate([
            (
                "this",
                {
                    for message in messages { _ = message.withUnsafeBytes { printer.apply($0, at: 0) } }
                }
            ),
            (
                "JSONSerialization",
                {
                    for data in datas { _ = try? JSONSerialization.jsonObject(with: data) }
                }
            ),
        ])
        print(
            "ingest \(serial.prefix(3)): \(messages.count) messages of \(bytes / max(1, messages.count)) bytes on average"
        )
        report(results, per: Double(bytes), unit: "byte")
    }

    /// A fleet's exposition when every value changed, beside the copy of the finished bytes.
    private static func render(in folder: URL) {
        guard let (serial, messages) = messages("x1c", in: folder) else { return }
        var printer = Printer(serial: serial)
        for message in messages { _ = message.withUnsafeBytes { printer.apply($0, at: 0) } }
        var link = Link()
        link.isUp = true
        let snapshots = (0..<50).map {
            PrinterSnapshot(name: "printer-\($0)", transport: .lan, link: link, printer: printer)
        }
        let blocks = snapshots.map(Catalogue.printer.block)
        let samples = blocks.reduce(0) { $0 + $1.sampleCount }
        var finished: [UInt8] = []
        Catalogue.printerSchema.assemble(blocks, in: .openMetrics, into: &finished)
        var copy = finished
        let results = alternate([
            ("render", { _ = snapshots.map(Catalogue.printer.block) }),
            (
                "assemble",
                {
                    var body: [UInt8] = []
                    Catalogue.printerSchema.assemble(blocks, in: .openMetrics, into: &body)
                }
            ),
            ("copy", { copy.withUnsafeMutableBytes { $0.copyBytes(from: finished) } }),
        ])
        print("render: \(samples) samples of \(snapshots.count) printers, \(copy.count) bytes")
        report(results, per: Double(samples), unit: "sample")
    }

    /// Runs the contestants in turn, round by round. Returns the median of each, in nanoseconds a run.
    private static func alternate(_ contestants: [(name: String, run: () -> Void)]) -> [(
        name: String, nanoseconds: Double
    )] {
        var times = contestants.map { _ in [Double]() }
        for round in 0...rounds {
            for (index, contestant) in contestants.enumerated() {
                let start = Instant.now()
                var runs = 0
                while Instant.now() - start < .milliseconds(30) {
                    contestant.run()
                    runs += 1
                }
                // The first round only warms up.
                if round > 0 { times[index].append((Instant.now() - start).inSeconds * 1e9 / Double(runs)) }
            }
        }
        return zip(contestants, times).map { ($0.name, $1.sorted()[$1.count / 2]) }
    }

    private static func report(_ results: [(name: String, nanoseconds: Double)], per amount: Double, unit: String) {
        let first = results.first?.nanoseconds ?? 1
        for (name, nanoseconds) in results {
            let each = (nanoseconds / amount * 1000).rounded() / 1000
            let ratio = (nanoseconds / first * 100).rounded() / 100
            print("  \(name): \(each) ns a \(unit), \(ratio) times the first")
        }
    }
}
