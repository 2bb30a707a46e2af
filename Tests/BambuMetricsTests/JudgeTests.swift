import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// Programs that others wrote to read expositions, and what they say of ours.
enum Judge {
    /// Where this package lies.
    static let root = Fixture.folder.deletingLastPathComponent().deletingLastPathComponent()

    struct Verdict {
        var status: Int32
        var words: String
    }

    struct Missing: Error, CustomStringConvertible {
        let tool: String
        var description: String { "\(tool) is missing; run `make tools`" }
    }

    /// The strict OpenMetrics parser of prometheus_client.
    static func strictParser(_ exposition: [UInt8]) throws -> Verdict {
        let python = root.appending(path: ".build/tools/bin/python3").path
        return try run(python, [root.appending(path: "Tests/tools/check_openmetrics.py").path], exposition)
    }

    /// `promtool check metrics`, which reads the text format.
    static func promtool(_ exposition: [UInt8]) throws -> Verdict {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let promtool = folders.map { "\($0)/promtool" }.first(where: FileManager.default.isExecutableFile)
        return try run(promtool ?? "promtool", ["check", "metrics"], exposition)
    }

    private static func run(_ tool: String, _ arguments: [String], _ input: [UInt8]) throws -> Verdict {
        guard FileManager.default.isExecutableFile(atPath: tool) else { throw Missing(tool: tool) }
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        // From a file: a pipe would fill up while nobody reads the other end.
        let file = FileManager.default.temporaryDirectory.appending(path: "exposition-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Verdict(status: process.terminationStatus, words: String(decoding: words, as: UTF8.self))
    }

    /// Asks both about printers.
    static func expectApproval(of printers: [PrinterSnapshot], location: SourceLocation = #_sourceLocation) throws {
        let strict = try strictParser(Exposition.of(printers, in: .openMetrics))
        #expect(strict.words == "" && strict.status == 0, sourceLocation: location)
        let lint = try promtool(Exposition.of(printers, in: .text))
        #expect(lint.words == "" && lint.status == 0, sourceLocation: location)
    }
}

@Suite("Outside judges", .serialized)
struct JudgeTests {
    @Test func `every fixture's exposition is approved of in both formats`() throws {
        for fixture in Fixture.all { try Judge.expectApproval(of: [try fixture.snapshot()]) }
    }

    @Test func `so are all of them together, and none, and one that is down`() throws {
        try Judge.expectApproval(of: Fixture.all.map { .up(try $0.printer(), name: $0.name) })
        try Judge.expectApproval(of: [])
        try Judge.expectApproval(of: [
            PrinterSnapshot(name: "p", transport: .lan, link: Link(), printer: Printer(serial: "x"))
        ])
    }

    @Test func `so are names of any characters`() throws {
        let names = ["a\"b", "back\\slash", "line\nfeed", "😀", "{x=\"y\"} 1", "", "\u{2028}", "# EOF", "tab\there"]
        try Judge.expectApproval(
            of: names.map { name in
                let task = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
                    .replacing("\t", with: "\\t")
                return .up(
                    Printer(#"{"print":{"gcode_state":"RUNNING","subtask_name":"\#(task)","gcode_file":"\#(task)"}}"#),
                    name: name)
            })
    }

    @Test func `so are the exporter's own metrics`() throws {
        var snapshot = ExporterSnapshot()
        snapshot.configurationTime = 1.5
        snapshot.rejectedRequests = [("busy", 1), ("shape", 0)]
        var process = ExporterSnapshot.Process()
        (process.cpuSeconds, process.residentBytes, process.virtualBytes) = (0.25, 4096, 8192)
        (process.openDescriptors, process.maximumDescriptors, process.startTime) = (9, 1024, 1_700_000_000)
        snapshot.process = process
        for (format, judge) in [(ExpositionFormat.openMetrics, Judge.strictParser), (.text, Judge.promtool)] {
            var body: [UInt8] = []
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: snapshot)], in: format, into: &body)
            Schema.finish(&body, in: format)
            let verdict = try judge(body)
            #expect(verdict.words == "" && verdict.status == 0)
        }
    }

    @Test(arguments: [
        "m 1\n", "# TYPE m gauge\n# HELP m A.\nm{a=\"1\"} 1\nm{b=\"1\"} 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm 1\nm 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm 1 5\n# EOF\n", "# TYPE m gauge\n# HELP m A.\nm NaN\n# EOF\n",
        "# TYPE m counter\n# HELP m A.\nm 1\n# EOF\n",
        "# TYPE m gauge\n# HELP m A.\nm{a=\"\"\"} 1\n# EOF\n", "# EOF\nm 1\n", "# TYPE m gauge\nm 1\n# EOF\n",
    ])
    func `the checker finds what is wrong`(exposition: String) throws {
        #expect(try Judge.strictParser(Array(exposition.utf8)).status == 1)
    }
}
