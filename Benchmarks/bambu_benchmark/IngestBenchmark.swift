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
        default:
            let bytes = Array(data)
            var printer = Printer(serial: "00M00A000000001")
            return Stopwatch.nanoseconds { _ = bytes.withUnsafeBytes { printer.apply($0, at: 0) } }
        }
    }
}
