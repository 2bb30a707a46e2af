import CommandFlags
import Foundation
import Testing

@testable import BambuMetrics
@testable import Exporter

@Suite("Reference")
struct ReferenceTests {
    @Test(arguments: [
        ("docs/metrics.md", CatalogueDocument.text), ("docs/configuration.md", ConfigurationDocument.text),
        ("docs/web.md", WebDocument.text),
        ("deploy/man/bambu_exporter.1", Options.manual.page(version: Build.version, date: Build.date)),
        ("deploy/completions/bambu_exporter.bash", Options.manual.completions(for: .bash)),
        ("deploy/completions/_bambu_exporter", Options.manual.completions(for: .zsh)),
        ("deploy/completions/bambu_exporter.fish", Options.manual.completions(for: .fish)),
    ])
    func `the reference is what the code says`(name: String, text: String) throws {
        let file = PackageFolder.url.appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was written anew; look at it and run without UPDATE_GOLDEN")
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "stale: run `make docs`")
    }

    @Test func `every link from one page to another leads somewhere`() throws {
        let pages = try FileManager.default.contentsOfDirectory(
            atPath: PackageFolder.url.appending(path: "docs").path
        ).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        for page in pages + ["README.md", "CONTRIBUTING.md", "SECURITY.md"] {
            let url = PackageFolder.url.appending(path: page)
            let text = try String(contentsOf: url, encoding: .utf8)
            for link in text.matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/).map({ String($0.1) }) {
                let target = url.deletingLastPathComponent().appending(path: link).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link)")
            }
        }
    }
}

/// This checkout.
enum PackageFolder {
    static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
