import CommandFlags
import CommandReference
import Foundation
import Testing

@testable import BambuMetrics
@testable import Exporter

@Suite("Reference")
struct ReferenceTests {
    @Test(arguments: [
        ("docs/configuration.md", ConfigurationDocument.text), ("docs/web.md", WebDocument.text),
        ("deploy/man/bambu_exporter.1", Options.manual.page(version: Build.version, date: Build.date)),
        ("deploy/completions/bambu_exporter.bash", Options.manual.completions(for: .bash)),
        ("deploy/completions/_bambu_exporter", Options.manual.completions(for: .zsh)),
        ("deploy/completions/bambu_exporter.fish", Options.manual.completions(for: .fish)),
    ])
    func `generated documentation matches the code`(name: String, text: String) throws {
        let file = PackageFolder.url.appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was updated. Review it and run again without UPDATE_GOLDEN")
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "stale: run `make docs`")
    }

    /// The pages of the documentation and their text.
    private func pages() throws -> [(url: URL, text: String)] {
        let docs = try FileManager.default.contentsOfDirectory(
            atPath: PackageFolder.url.appending(path: "docs").path
        ).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        return try (docs + ["README.md", "CONTRIBUTING.md", "SECURITY.md"]).map { page in
            let url = PackageFolder.url.appending(path: page)
            return (url, try String(contentsOf: url, encoding: .utf8))
        }
    }

    @Test func `every link between pages resolves`() throws {
        for (url, text) in try pages() {
            for link in text.matches(of: /\]\(([^)#:]+)(?:#[^)]*)?\)/).map({ String($0.1) }) {
                let target = url.deletingLastPathComponent().appending(path: link).path
                #expect(FileManager.default.fileExists(atPath: target), "\(url.lastPathComponent): \(link)")
            }
        }
    }

    @Test func `no page names an unknown metric`() throws {
        func names(_ text: String) -> Set<String> {
            Set(text.matches(of: /\bbambu_[a-z0-9_]+/).map { String($0.output) })
        }
        // Names of programs, and the metric of an example in CONTRIBUTING.md.
        let known = try names(String(contentsOf: PackageFolder.url.appending(path: "docs/metrics.md"), encoding: .utf8))
            .union([
                "bambu_exporter", "bambu_simulator", "bambu_cutter_wear_percent",
            ])
        for (url, text) in try pages() {
            #expect(names(text).subtracting(known).isEmpty, "\(url.lastPathComponent)")
        }
    }
}

/// The folder of this checkout.
enum PackageFolder {
    static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
