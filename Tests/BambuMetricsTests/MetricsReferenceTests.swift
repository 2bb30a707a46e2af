import BambuProtocol
import Foundation
import Testing

@testable import BambuMetrics
@testable import OpenMetrics

/// `docs/models.md`, written from the fixtures and the catalogue.
private enum ModelsDocument {
    /// Models of which no recording was published.
    private static let undocumented: Set = ["R1"]

    /// Series of one model, by what its fixtures bring.
    private struct Row {
        let model: String
        let firmware: [String]
        let metrics: Set<String>
    }

    static func text() throws -> String {
        let rows = try Model.known.map(\.name).map(row)
        var text = """
            # What each model gives

            Written by `make docs` from the fixtures in `Tests/Fixtures` and the catalogue; a test fails when it is stale.

            The fixtures are messages written in the shapes of public recordings of real printers. The exporter was validated on such
            recordings, and not on hardware by its authors. A field that newer or older firmware leaves out has no series.

            | model | firmware of its fixtures | known from |
            |---|---|---|

            """
        for row in rows {
            let basis = undocumented.contains(row.model) ? "documents only" : "recordings"
            text += "| \(row.model) | \(row.firmware.joined(separator: ", ")) | \(basis) |\n"
        }
        text += """

            H3C and P3C are not in the table: no report of either was published. A model that is not known exports what it reports,
            up to 16 nozzles, 16 hotends and 16 slots a unit.

            Known from documents only, on every model: the lid's switch, what a heater of a chamber does while it cools, hours of
            nozzles above 0, grams that the printer says itself, Developer Mode on models other than H2, and drying that is refused.

            ## Metric groups

            The number of a group's metrics that the model's fixtures bring.

            | group | \(rows.map(\.model).joined(separator: " | ")) |
            |---|\(rows.map { _ in "---" }.joined(separator: "|"))|

            """
        for group in Catalogue.printer where isTelemetry(group) {
            let counts = rows.map { row in group.descriptors.count { row.metrics.contains($0.name) } }
            text += "| \(group.title) (\(group.descriptors.count)) | "
            text += counts.map { $0 == 0 ? "–" : "\($0)" }.joined(separator: " | ") + " |\n"
        }
        text += "\n## Metrics that not every model gives\n\n| metric | models |\n|---|---|\n"
        for metric in Catalogue.printer.filter(isTelemetry).flatMap(\.descriptors) {
            let models = rows.filter { $0.metrics.contains(metric.name) }.map(\.model)
            guard !models.isEmpty, models.count < rows.count else { continue }
            text += "| `\(metric.name)` | \(models.joined(separator: ", ")) |\n"
        }
        return text
    }

    /// Whether the printer's reports decide which series there are.
    private static func isTelemetry(_ group: MetricGroup<PrinterSnapshot>) -> Bool {
        !["Printer and link", "Camera", "Cloud", "Cloud, by slot", "Firmware"].contains(group.title)
    }

    private static func row(_ model: String) throws -> Row {
        let fixtures = try Fixture.all.filter { try $0.printer().model.name == model }
        let firmware = Set(try fixtures.map { try $0.printer().firmware.version }).filter { !$0.isEmpty }
        let metrics = Set(try fixtures.flatMap { Sample.all(in: try $0.exposition()).map { String($0.name) } })
        return Row(model: model, firmware: firmware.sorted(), metrics: metrics)
    }
}

@Suite("Reference")
struct MetricsReferenceTests {
    @Test func `the list of models is what the fixtures say`() throws {
        try compare("docs/models.md", with: ModelsDocument.text())
    }

    @Test func `the list of metrics is what the catalogue says`() throws {
        try compare("docs/metrics.md", with: CatalogueDocument.text)
    }

    private func compare(_ name: String, with text: String) throws {
        let file = Judge.root.appending(path: name)
        if Fixture.isUpdating {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was written; look at it and run without UPDATE_GOLDEN")
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "stale: run `make docs`")
    }
}
