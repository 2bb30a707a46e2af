import Foundation
import Testing

@testable import BambuMetrics
@testable import Exporter

@Suite("Reference")
struct ReferenceTests {
    @Test(arguments: [
        ("metrics.md", CatalogueDocument.text), ("configuration.md", ConfigurationDocument.text),
        ("web.md", WebDocument.text),
    ])
    func `the reference is what the code says`(name: String, text: String) throws {
        let file = PackageFolder.url.appending(path: "docs").appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("docs/\(name) was written anew; look at it and run without UPDATE_GOLDEN")
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "stale: run `make docs`")
    }
}

/// This checkout.
enum PackageFolder {
    static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
