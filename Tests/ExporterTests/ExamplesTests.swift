import Foundation
import Testing

@testable import Exporter

/// What the repository offers to copy, judged by those that it is for.
@Suite("Examples")
struct ExamplesTests {
    private static func files(in folder: String, _ suffix: String) -> [URL] {
        let url = PackageFolder.url.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { url.appending(path: $0) }
    }

    @Test func `promtool accepts every scrape configuration`() async throws {
        let files = Self.files(in: "examples/prometheus", ".yml")
        #expect(files.count >= 4)
        let folder = try TemporaryFolder()
        // What they name lies beside them.
        _ = try folder.write("bambu-password", "x")
        _ = try folder.write("bambu-ca.crt", "x")
        for file in files {
            let copy = try folder.write(file.lastPathComponent, String(contentsOf: file, encoding: .utf8))
            let check = try await Programs.runInBackground(
                URL(filePath: "/usr/bin/promtool"), ["check", "config", "--syntax-only", copy])
            #expect(check.status == 0, "\(file.lastPathComponent): \(check.output)")
        }
    }

    @Test func `the configuration to begin with is good, and so is what its comments show`() throws {
        let file = PackageFolder.url.appending(path: "deploy/config.json5")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(try ConfigurationLoader(file: file.path, environment: [:]).load().printers.isEmpty)
        let folder = try TemporaryFolder()
        let code = try folder.write("code", "12345678\n")
        let shown = text.split(separator: "\n").map { line in
            line.hasPrefix("    // ") ? String(line.dropFirst(7)) : String(line)
        }.joined(separator: "\n").replacing("/run/credentials/bambu_exporter.service/secrets_garage", with: code)
        let configuration = try ConfigurationLoader(
            file: try folder.write("config.json5", shown), environment: [:]
        ).load()
        #expect(configuration.printers.map(\.name) == ["garage"])
    }

    @Test func `systemd rates the unit 1.5 or better`() async throws {
        let unit = PackageFolder.url.appending(path: "deploy/systemd/bambu_exporter.service").path
        let rating = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/systemd-analyze"),
            ["security", "--offline=true", "--no-pager", "--threshold=15", unit])
        #expect(rating.status == 0, "\(rating.output.suffix(200))")
        #expect(rating.output.contains("Overall exposure level for bambu_exporter.service: 1."))
    }
}
