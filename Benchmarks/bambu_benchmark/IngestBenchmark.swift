import BambuProtocol
import Foundation

/// What it costs to take a message into state, beside Foundation's readings of the same bytes.
///
/// Prints a line a file: its name, its size, and nanoseconds a message for each way of reading it. The other contestants, in
/// `Benchmarks/peers`, print the same.
enum IngestBenchmark {
    static func run(_ arguments: [String]) {
        for path in arguments.dropFirst() {
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            let nanoseconds = read(data, by: arguments.first ?? "this")
            print(URL(filePath: path).lastPathComponent, data.count, nanoseconds)
        }
    }

    private static func read(_ data: Data, by way: String) -> Double {
        switch way {
        case "JSONDecoder":
            let decoder = JSONDecoder()
            return Stopwatch.nanoseconds { _ = try? decoder.decode(TypedReport.self, from: data) }
        case "JSONSerialization":
            return Stopwatch.nanoseconds { _ = try? JSONSerialization.jsonObject(with: data) }
        case "changing":
            // Another humidity each time: AMS units that say what they said before are passed over.
            let reports = [data, changed(data)].map { Array($0) }
            var printer = Printer(serial: serial)
            var turn = 0
            return Stopwatch.nanoseconds {
                turn ^= 1
                _ = reports[turn].withUnsafeBytes { printer.apply($0, at: 0) }
            }
        default:
            let bytes = Array(data)
            var printer = Printer(serial: serial)
            return Stopwatch.nanoseconds { _ = bytes.withUnsafeBytes { printer.apply($0, at: 0) } }
        }
    }

    private static let serial = "00M00A000000001"

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
