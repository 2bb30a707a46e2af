import CommandFlags
import Foundation
import FoundationXML
import Testing

@testable import Exporter

/// Checks the examples of the repository with the programs that they are for.
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
        // The files that the configurations refer to.
        _ = try folder.write("bambu-password", "x")
        _ = try folder.write("bambu-ca.crt", "x")
        for file in files {
            let copy = try folder.write(file.lastPathComponent, String(contentsOf: file, encoding: .utf8))
            let check = try await Programs.runInBackground(
                URL(filePath: "/usr/bin/promtool"), ["check", "config", "--syntax-only", copy])
            #expect(check.status == 0, "\(file.lastPathComponent): \(check.output)")
        }
    }

    @Test func `the initial configuration is valid, also with its comments enabled`() throws {
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

    @Test func `systemd accepts the unit with the example override`() async throws {
        let folder = try TemporaryFolder()
        func text(_ path: String) throws -> String {
            try String(contentsOf: PackageFolder.url.appending(path: path), encoding: .utf8)
        }
        // The program is not installed where the unit expects it, so another one replaces it.
        let unit = try text("deploy/systemd/bambu_exporter.service").replacing(
            "/usr/bin/bambu_exporter", with: "/bin/true")
        let path = try folder.write("bambu_exporter.service", unit)
        let drops = folder.url.appending(path: "bambu_exporter.service.d")
        try FileManager.default.createDirectory(at: drops, withIntermediateDirectories: false)
        try text("examples/systemd/override.conf").write(
            to: drops.appending(path: "override.conf"), atomically: true, encoding: .utf8)
        let verdict = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/systemd-analyze"), ["verify", "--man=no", path])
        #expect(verdict.status == 0 && verdict.output.isEmpty, "\(verdict.output)")
    }

    @Test func `the template for Unraid is XML with variables of the program`() throws {
        let data = try Data(contentsOf: PackageFolder.url.appending(path: "examples/unraid/bambu_exporter.xml"))
        let variables = Set(Options.variables.flatMap(\.names))
        let reader = TemplateReader()
        let parser = XMLParser(data: data)
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.variables.count >= 4 && Set(reader.variables).isSubset(of: variables), "\(reader.variables)")
    }

    @Test func `workflows and issue templates are YAML, and make targets exist`() async throws {
        let files = [".github/workflows", ".github/ISSUE_TEMPLATE"].flatMap { Self.files(in: $0, ".yml") }
        #expect(files.count >= 4)
        for file in files {
            let parsed = try await Programs.runInBackground(
                URL(filePath: "/usr/bin/python3"),
                ["-c", "import sys, yaml; yaml.safe_load(open(sys.argv[1]))", file.path])
            #expect(parsed.status == 0, "\(file.lastPathComponent): \(parsed.output)")
        }
        let makefile = try String(contentsOf: PackageFolder.url.appending(path: "Makefile"), encoding: .utf8)
        let workflow = try String(
            contentsOf: PackageFolder.url.appending(path: ".github/workflows/ci.yml"), encoding: .utf8)
        let targets = workflow.matches(of: /target: ([a-z-]+)/).map { String($0.1) }
        #expect(targets.count >= 5)
        for target in targets { #expect(makefile.contains("\n\(target): "), "\(target)") }
    }
}

/// Collects the environment variables of a template for Unraid.
private final class TemplateReader: NSObject, XMLParserDelegate {
    private(set) var variables: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "Config", attributes["Type"] == "Variable", let target = attributes["Target"] {
            variables.append(target)
        }
    }
}
