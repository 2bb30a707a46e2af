import CommandReference
import Testing

@testable import CommandFlags

private struct Settings: Equatable {
    var file = ""
    var addresses: [String] = []
    var isLoud = false
}

private let flags = FlagSet<Settings>([
    Flag("config.file", "PATH", "The file.", default: "none") { $0.file = $1 },
    Flag("web.listen-address", "ADDR", "An address; repeatable.") {
        guard $1.contains(":") else { throw UsageError("\($1) has no port") }
        $0.addresses.append($1)
    },
    Flag("loud", "Prints more.", letter: "l") { $0.isLoud = true },
])

private let manual = Manual(
    of: "program", "Does things.",
    commands: [Manual.Command("", "[flags]", "do them"), Manual.Command("undo", "NAME", "undo one's words")],
    examples: [Manual.Example("All of them:", "program --loud \\", "-- .x 'y'")], flags: flags,
    variables: [Manual.Entry("PROGRAM_HOME", meaning: "Where `it` lives.")], files: [], notes: "Ends with 0.")

@Suite("FlagSet")
struct FlagSetTests {
    private func parse(_ arguments: String...) throws -> (Settings, [String]) {
        var settings = Settings()
        let operands = try flags.parse(arguments, into: &settings)
        return (settings, operands)
    }

    @Test func `a value follows an equals sign or a space`() throws {
        #expect(try parse("--config.file=a").0.file == "a")
        #expect(try parse("--config.file", "b").0.file == "b")
        #expect(try parse("--config.file=").0.file == "")
    }

    @Test func `flags may be repeated, and operands may be anywhere`() throws {
        let (settings, operands) = try parse(
            "forget", "--web.listen-address=:1", "garage", "--web.listen-address", "[::1]:2", "--loud")
        #expect(settings == Settings(addresses: [":1", "[::1]:2"], isLoud: true))
        #expect(operands == ["forget", "garage"])
    }

    @Test func `arguments after two dashes are operands`() throws {
        let (settings, operands) = try parse("--loud", "--", "--config.file=x", "y")
        #expect(settings == Settings(isLoud: true))
        #expect(operands == ["--config.file=x", "y"])
    }

    @Test(arguments: [
        (["--nope"], "unknown flag --nope; --help lists the flags"),
        (["--config.fiel=x"], "unknown flag --config.fiel=x; did you mean --config.file? --help lists the flags"),
        (["--lout"], "unknown flag --lout; did you mean --loud? --help lists the flags"),
        (["--config.file"], "--config.file needs a value"),
        (["--loud=1"], "--loud=1: this flag takes no value"),
        (["--web.listen-address=80"], "--web.listen-address: 80 has no port"),
        (["-x"], "unknown flag -x; --help lists the flags"),
    ])
    func `an invalid command line has a message with the remedy`(arguments: [String], message: String) {
        var settings = Settings()
        #expect(throws: UsageError(message)) { try flags.parse(arguments, into: &settings) }
    }

    @Test func `a beginning of a name is enough if no other flag begins with it`() throws {
        #expect(try parse("--lo", "--web=:1").0 == Settings(addresses: [":1"], isLoud: true))
        #expect(try parse("--conf", "--lo").0 == Settings(file: "--lo"))
        let shards = FlagSet<Settings>([
            Flag("shard", "A part.") { $0.isLoud = true }, Flag("shard.index", "I", "A number.") { $0.file = $1 },
            Flag("shard.count", "N", "A number.") { $0.file = $1 },
        ])
        var settings = Settings()
        #expect(try shards.parse(["--shard", "-", ""], into: &settings) == ["-", ""])
        #expect(settings == Settings(isLoud: true))
        for unclear in ["--shard.", "--=1", "-shard", "-s=1"] {
            #expect(throws: UsageError.self, "\(unclear)") { try shards.parse([unclear, "1"], into: &settings) }
        }
    }

    @Test func `no value is applied if another flag is invalid`() {
        var settings = Settings()
        #expect(throws: UsageError("unknown flag --nope; --help lists the flags")) {
            try flags.parse(["--web.listen-address=80", "--nope"], into: &settings)
        }
        #expect(throws: UsageError("--config.file needs a value")) {
            try flags.parse(["--config.file", "--", "x"], into: &settings)
        }
    }

    @Test func `the help lists every flag with its default`() {
        #expect(flags.help.contains("--config.file=PATH"))
        #expect(flags.help.contains("The file. Default: none."))
        #expect(flags.help.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a letter is the short form of its flag`() throws {
        #expect(try parse("-l").0.isLoud)
        #expect(try parse("undo", "-l", "--", "-l").1 == ["undo", "-l"])
        #expect(throws: UsageError("unknown flag -l=1; --help lists the flags")) { try parse("-l=1") }
    }

    @Test func `the help shows commands, examples and variables`() {
        for line in ["  program undo NAME  undo one's words", "  program --loud \\", "Environment: PROGRAM_HOME."] {
            #expect(manual.help.contains(line + "\n") || manual.help.contains(line + " "), "\(line)")
        }
    }

    /// Covers backslashes, hyphens and lines that begin like a roff request.
    @Test func `the manual page escapes special characters`() {
        let page = manual.page(version: "1.0", date: "2026-01-31")
        for line in [
            "program \\- does things", "program \\-\\-loud \\e", "\\-\\- .x 'y'", "Where \\fBit\\fR lives.",
            "\\fB\\-l, \\-\\-loud\\fR", "\\fBundo\\fR \\fINAME\\fR",
        ] { #expect(page.contains(line + "\n"), "\(line)") }
    }

    @Test func `completions contain commands, flags and letters`() {
        #expect(manual.completions(for: .bash).contains("--config.file= --web.listen-address= --loud"))
        #expect(manual.completions(for: .zsh).contains("'(-l --loud)'{-l,--loud}'[Prints more]'"))
        #expect(manual.completions(for: .zsh).contains(#"undo\:"undo one'\''s words""#))
        #expect(manual.completions(for: .fish).contains("complete -c program -l loud -s l -d 'Prints more'"))
    }
}
