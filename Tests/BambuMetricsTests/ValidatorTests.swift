import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// Third-party programs that validate expositions.
enum Validator {
    /// The root of the repository.
    static let root = Fixture.folder.deletingLastPathComponent().deletingLastPathComponent()

    struct Outcome {
        var status: Int32
        var output: String
    }

    struct Missing: Error, CustomStringConvertible {
        let tool: String
        var description: String { "\(tool) is missing; run `make tools`" }
    }

    /// Runs the strict OpenMetrics parser of prometheus_client.
    static func strictParser(_ exposition: [UInt8]) throws -> Outcome {
        let python = root.appending(path: ".build/tools/bin/python3").path
        return try run(python, [root.appending(path: "Tests/tools/check_openmetrics.py").path], exposition)
    }

    /// Runs `promtool check metrics`, which reads the text format.
    static func promtool(_ exposition: [UInt8]) throws -> Outcome {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let promtool = folders.map { "\($0)/promtool" }.first(where: FileManager.default.isExecutableFile)
        return try run(promtool ?? "promtool", ["check", "metrics"], exposition)
    }

    private static func run(_ tool: String, _ arguments: [String], _ input: [UInt8]) throws -> Outcome {
        guard FileManager.default.isExecutableFile(atPath: tool) else { throw Missing(tool: tool) }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        // The input is a file, because a pipe could fill up and block.
        let file = FileManager.default.temporaryDirectory.appending(path: "exposition-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }

    /// Expects that both programs accept the exposition of these printers.
    static func expectValid(_ printers: [PrinterSnapshot], location: SourceLocation = #_sourceLocation) throws {
        let strict = try strictParser(Exposition.of(printers, in: .openMetrics))
        #expect(strict.output == "" && strict.status == 0, sourceLocation: location)
        let lint = try promtool(Exposition.of(printers, in: .text))
        #expect(lint.output == "" && lint.status == 0, sourceLocation: location)
    }
}

@Suite("Third-party validators", .serialized)
struct ValidatorTests {
    @Test func `every fixture's exposition validates in both formats`() throws {
        for fixture in Fixture.all { try Validator.expectValid([try fixture.snapshot()]) }
    }

    @Test func `the exposition is valid for many printers, no printer and a down one`() throws {
        try Validator.expectValid(Fixture.all.map { .up(try $0.printer(), name: $0.name) })
        try Validator.expectValid([])
        try Validator.expectValid([
            PrinterSnapshot(name: "p", transport: .lan, link: Link(), printer: Printer(serial: "x"))
        ])
    }

    @Test func `names with special characters validate`() throws {
        let names = ["a\"b", "back\\slash", "line\nfeed", "😀", "{x=\"y\"} 1", "", "\u{2028}", "# EOF", "tab\there"]
        try Validator.expectValid(
            names.map { name in
                let task = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
                    .replacing("\t", with: "\\t")
                return .up(
                    Printer(#"{"print":{"gcode_state":"RUNNING","subtask_name":"\#(task)","gcode_file":"\#(task)"}}"#),
                    name: name)
            })
    }

    @Test func `the exporter's own metrics validate`() throws {
        var snapshot = ExporterSnapshot()
        snapshot.configurationTime = 1.5
        snapshot.rejectedRequests = [("busy", 1), ("shape", 0)]
        var process = ExporterSnapshot.Process()
        (process.cpuSeconds, process.residentBytes, process.virtualBytes) = (0.25, 4096, 8192)
        (process.openDescriptors, process.maximumDescriptors, process.startTime) = (9, 1024, 1_700_000_000)
        snapshot.process = process
        for (format, validate) in [(ExpositionFormat.openMetrics, Validator.strictParser), (.text, Validator.promtool)]
        {
            var body: [UInt8] = []
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: snapshot)], in: format, into: &body)
            Schema.finish(&body, in: format)
            let outcome = try validate(body)
            #expect(outcome.output == "" && outcome.status == 0)
        }
    }

    @Test(arguments: [
        "m 1\n", "# TYPE m gauge\n# HELP m A.\nm{a=\"1\"} 1\nm{b=\"1\"} 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm 1\nm 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm 1 5\n# EOF\n", "# TYPE m gauge\n# HELP m A.\nm NaN\n# EOF\n",
        "# TYPE m counter\n# HELP m A.\nm 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm{a=\"\"\"} 1\n# EOF\n", "# EOF\nm 1\n", "# TYPE m gauge\nm 1\n# EOF\n",
    ])
    func `the strict parser rejects invalid expositions`(exposition: String) throws {
        #expect(try Validator.strictParser(Array(exposition.utf8)).status == 1)
    }
}
