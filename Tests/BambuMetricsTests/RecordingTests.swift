import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// Recordings of real printers, if they are in a directory beside the checkout.
enum Recordings {
    static let folder = Validator.root.deletingLastPathComponent().appending(path: "shared/recordings")
    static let arePresent = FileManager.default.fileExists(atPath: folder.path)

    static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") && $0 != "edge-shapes.json" }.sorted()
    }()

    /// Returns the messages of a file, each with its time of arrival.
    static func messages(_ name: String) throws -> [(time: Double, bytes: [UInt8])] {
        let whole = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: name)))
        let elements = whole as? [[String: Any]] ?? [["payload": whole]]
        return try elements.enumerated().map { index, element in
            let message = element["payload"] ?? element["msg"] ?? element
            let time = (element["t_ms"] as? Double).map { $0 / 1000 } ?? Double(index) * 2
            return (time, Array(try JSONSerialization.data(withJSONObject: message)))
        }
    }

    static func serial(_ name: String) -> String {
        let prefixes = ["a1mini": "030", "a1": "039", "p1p": "01S", "p2s": "22E"]
        return (prefixes[String(name.prefix { $0 != "-" })] ?? "ZZZ") + "00A000000000"
    }
}

@Suite("Recordings", .enabled(if: Recordings.arePresent, "no recordings beside this checkout"), .serialized)
struct RecordingTests {
    @Test(arguments: Recordings.files)
    func `a recording is applied without rejections and validates`(name: String) throws {
        var printer = Printer(serial: Recordings.serial(name))
        for (time, bytes) in try Recordings.messages(name) {
            #expect(printer.apply(bytes, at: time).rejection == nil)
        }
        // The Wi-Fi signal was removed from two recordings.
        let isRedacted = name.hasPrefix("a1mini-pushall") || name.hasPrefix("p2s-pushall")
        #expect(printer.rejectedFields == (isRedacted ? 1 : 0))
        try Validator.expectValid([.up(printer)])
    }

    @Test func `malformed messages leave other values intact`() throws {
        let url = Recordings.folder.appending(path: "edge-shapes.json")
        let file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        for edge in file["cases"] as? [[String: Any]] ?? [] {
            let bytes = Array(try JSONSerialization.data(withJSONObject: edge["payload"] ?? ""))
            for prefix in ["00M", "01P", "039", "094", "ZZZ"] {
                var printer = Printer(serial: prefix + "00A000000000")
                let outcome = printer.apply(bytes, at: 1)
                #expect((outcome.rejection == .shape) == (edge["name"] as? String == "print-not-object"))
                #expect(
                    String(decoding: Exposition.of([.up(printer)], in: .openMetrics), as: UTF8.self).hasSuffix(
                        "# EOF\n"))
            }
        }
    }
}
