import BambuMetrics
import BambuProtocol
import Foundation

/// The cost of applying a message to a printer's state, compared with Foundation's decoders.
///
/// `run` prints one line per file: its name, its size, and the nanoseconds per message, in the format of the programs
/// in `Benchmarks/peers`.
enum IngestBenchmark {
    static func run(_ arguments: [String]) {
        if arguments.first == "alternating" { return alternate(Array(arguments.dropFirst())) }
        for path in arguments.dropFirst() {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let nanoseconds = Stopwatch.nanoseconds(work(arguments.first ?? "", data))
            print(URL(filePath: path).lastPathComponent, data.count, nanoseconds)
        }
    }

    /// Repeats the work without output, for measurements with valgrind.
    ///
    /// - Parameter arguments: The way, a file, and the number of runs.
    static func `repeat`(_ arguments: [String]) {
        guard arguments.count == 3, let runs = Int(arguments[2]),
            let data = FileManager.default.contents(atPath: arguments[1])
        else { return }
        let work = work(arguments[0], data)
        for _ in 0..<runs { work() }
    }

    private static func work(_ way: String, _ data: Data) -> () -> Void {
        switch way {
        case "JSONDecoder":
            let decoder = JSONDecoder()
            return { _ = try? decoder.decode(TypedReport.self, from: data) }
        case "JSONSerialization":
            return { _ = try? JSONSerialization.jsonObject(with: data) }
        case "render":
            let snapshot = RenderBenchmark.snapshots(of: [data], count: 1)[0]
            return { _ = Catalogue.printer.block(of: snapshot) }
        case "one-digit":
            return alternating([data, changed(data)])
        default:
            let bytes = Array(data)
            var printer = Printer(serial: "00M00A000000001")
            return { _ = bytes.withUnsafeBytes { printer.apply($0, at: 0) } }
        }
    }

    /// Applies two files in turn, so that every value can differ. Prints `alternating`, the mean size in bytes, and the
    /// nanoseconds per message.
    private static func alternate(_ paths: [String]) {
        let reports = paths.compactMap { FileManager.default.contents(atPath: $0) }
        guard paths.count == 2, reports.count == 2 else {
            return print("usage: bambu_benchmark ingest alternating FILE FILE")
        }
        print("alternating", reports.map(\.count).reduce(0, +) / 2, Stopwatch.nanoseconds(alternating(reports)))
    }

    private static func alternating(_ reports: [Data]) -> () -> Void {
        let reports = reports.map { Array($0) }
        var printer = Printer(serial: "00M00A000000001")
        var turn = 0
        return {
            turn ^= 1
            _ = reports[turn].withUnsafeBytes { printer.apply($0, at: 0) }
        }
    }

    /// The report with one digit changed: the first digit of the first AMS temperature.
    private static func changed(_ report: Data) -> Data {
        var report = report
        guard let place = report.firstRange(of: Data(#""temp":""#.utf8))?.upperBound, place < report.endIndex else {
            return report
        }
        report[place] = report[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
        return report
    }
}
