import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// Small inputs made from public bug reports, if they are in a directory beside the checkout.
///
/// Each file has a version answer, a full report, the messages that follow, and the expected samples of a scrape.
private enum Cases {
    static let folder = Validator.root.deletingLastPathComponent().appending(path: "shared/cases")
    static let arePresent = FileManager.default.fileExists(atPath: folder.path)

    static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted()
    }()

    static func content(_ name: String) throws -> [String: Any] {
        let whole = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: name)))
        return try #require(whole as? [String: Any])
    }
}

@Suite("Cases", .enabled(if: Cases.arePresent, "no cases beside this checkout"))
struct CaseTests {
    @Test(arguments: Cases.files)
    func `a case gives the expected series`(name: String) throws {
        let content = try Cases.content(name)
        var printer = Printer(serial: (content["serial"] as? String ?? "01P") + "00A000000000")
        guard let report = content["report"] else {
            return try expectReplacement(content, &printer)
        }
        var time = 1_700_000_000.0
        for message in [content["version"], report].compactMap({ $0 }) {
            _ = printer.apply(try bytes(message), at: time)
            time += 1
        }
        expect(content["expect0"], of: printer)
        for step in content["steps"] as? [[String: Any]] ?? [] {
            for message in step["send"] as? [Any] ?? [] {
                _ = printer.apply(try bytes(message), at: time)
                time += 1
            }
            time += step["wait"] as? Double ?? 0
            printer.resolvePendingEnd(at: time)
            expect(step["expect"], of: printer)
        }
    }

    /// Checks a case of an outage during which the printer started another job.
    private func expectReplacement(_ content: [String: Any], _ printer: inout Printer) throws {
        _ = printer.apply(try bytes(["print": content["before"] ?? [:]]), at: 1_700_000_000)
        printer.interrupt()
        printer.forget()
        _ = printer.apply(try bytes(["print": content["after"] ?? [:]]), at: 1_700_000_300)
        let series = series(of: printer)
        for (metric, want) in content["expect"] as? [String: Any] ?? [:] {
            #expect(series.first { $0.hasPrefix("\(metric){") }.flatMap(Self.value) == want as? Double, "\(metric)")
        }
    }

    private func bytes(_ message: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: message))
    }

    private func series(of printer: Printer) -> [Substring] {
        String(decoding: Exposition.of([.up(printer)], in: .text), as: UTF8.self).split(separator: "\n")
    }

    private static func value(_ line: Substring) -> Double? {
        line.split(separator: " ").last.flatMap { Double($0) }
    }

    private func expect(_ expectations: Any?, of printer: Printer) {
        let series = series(of: printer)
        for expectation in expectations as? [[String: Any]] ?? [] {
            let metric = expectation["metric"] as? String ?? ""
            let labels = expectation["labels"] as? [String: String] ?? [:]
            let found = series.first { line in
                line.hasPrefix("\(metric){") && labels.allSatisfy { line.contains("\($0.key)=\"\($0.value)\"") }
            }
            let want = expectation["want"] as? Double
            #expect(found.flatMap(Self.value) == want, "\(metric) \(labels): \(expectation["why"] ?? "")")
        }
    }
}
