import CommandReference
import Foundation
import Testing

@testable import Exporter

/// Checks the files in `deploy/completions` and `deploy/man` with the programs that read them.
@Suite("Completions")
struct CompletionTests {
    private static func path(_ name: String) -> String {
        PackageFolder.url.appending(path: "deploy").appending(path: name).path
    }

    /// Words as bash splits a line, with `=` as a word; the last word is incomplete.
    @Test(arguments: [
        (["bambu_exporter", "sn"], ["snapshot"]),
        (["bambu_exporter", "--log.le"], ["--log.level="]),
        (["bambu_exporter", "--log.level", "=", "i"], ["info"]),
        (["bambu_exporter", "--log.level", "="], ["debug", "info", "warn", "error"]),
        (["bambu_exporter", "--log.format", "j"], ["json"]),
        (["bambu_exporter", "--log.format", "=", "json", "for"], ["forget"]),
        (["bambu_exporter", "--shard.index", "1", "disc"], ["discover"]),
        (["bambu_exporter", "discover", "log"], []),
        (["bambu_exporter", "snapshot", "garage", "--every"], ["--every-percent="]),
        (["bambu_exporter", "--account", "=", "x"], []),
    ])
    func `bash completes commands, flags and their values`(words: [String], offered: [String]) async throws {
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        // `compopt` works only while a completion runs.
        let script = """
            set -u
            compopt() { :; }
            . \(Self.path("completions/bambu_exporter.bash"))
            COMP_WORDS=(\(line)) COMP_CWORD=\(words.count - 1) COMPREPLY=()
            _bambu_exporter
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try await Programs.runInBackground(URL(filePath: "/bin/bash"), ["-c", script])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.split(separator: "\n").map(String.init) == offered)
    }

    @Test func `bash completes file names for flags that take files`() async throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("one.json5", "")
        for words in ["--config.file = \(folder.url.path)/o", "snapshot garage -o \(folder.url.path)/o"] {
            let script = """
                compopt() { :; }
                . \(Self.path("completions/bambu_exporter.bash"))
                COMP_WORDS=(bambu_exporter \(words)) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _bambu_exporter
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            let result = try await Programs.runInBackground(URL(filePath: "/bin/bash"), ["-c", script])
            #expect(result.output == "\(folder.url.path)/one.json5\n")
        }
    }

    /// Only installed shells are tested. They parse the file without running it.
    @Test(
        arguments: [
            ("/usr/bin/zsh", "completions/_bambu_exporter"), ("/usr/bin/fish", "completions/bambu_exporter.fish"),
        ].filter { FileManager.default.isExecutableFile(atPath: $0.0) })
    func `zsh and fish parse their completions`(shell: String, file: String) async throws {
        let result = try await Programs.runInBackground(URL(filePath: shell), ["-n", Self.path(file)])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }

    @Test func `mandoc reads the manual page without a warning`() async throws {
        let result = try await Programs.runInBackground(
            URL(filePath: "/usr/bin/mandoc"), ["-T", "lint", "-W", "warning", Self.path("man/bambu_exporter.1")])
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }
}
