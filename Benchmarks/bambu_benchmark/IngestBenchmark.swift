import BambuMetrics
import BambuProtocol
import Foundation

/// What it costs to take a message into state, beside Foundation's readings of the same bytes.
///
/// `run` prints a line a file: its name, its size, and nanoseconds a message, as the contestants in `Benchmarks/peers` do.
enum IngestBenchmark {
    static func run(_ arguments: [String]) {
        for path in arguments.dropFirst() {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let nanoseconds = Stopwatch.nanoseconds(work(arguments.first ?? "", data))
            print(URL(filePath: path).lastPathComponent, data.count, nanoseconds)
        }
    }

    /// Does it so many times and prints nothing, for valgrind to count. Arguments: the way, a file, the number.
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
        case "changing":
            // Another temperature each time: AMS units that say what they said before are passed over.
            let reports = [data, changed(data)].map { Array($0) }
            var printer = Printer(serial: "00M00A000000001")
            var turn = 0
            return {
                turn ^= 1
                _ = reports[turn].withUnsafeBytes { printer.apply($0, at: 0) }
            }
        default:
            let bytes = Array(data)
            var printer = Printer(serial: "00M00A000000001")
            return { _ = bytes.withUnsafeBytes { printer.apply($0, at: 0) } }
        }
    }

    /// The report with other AMS units: the first digit of the first temperature is another one.
    private static func changed(_ report: Data) -> Data {
        var report = report
        guard let place = report.firstRange(of: Data(#""temp":""#.utf8))?.upperBound, place < report.endIndex else {
            return report
        }
        report[place] = report[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
        return report
    }
}
