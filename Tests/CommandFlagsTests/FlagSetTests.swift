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
    Flag("loud", "Says more.", letter: "l") { $0.isLoud = true },
])

private let manual = Manual(
    of: "program", "Does things.",
    commands: [Manual.Command("", "[flags]", "do them"), Manual.Command("undo", "NAME", "take one's words back")],
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

    @Test func `a flag may be given again, and operands stand anywhere`() throws {
        let (settings, operands) = try parse(
            "forget", "--web.listen-address=:1", "garage", "--web.listen-address", "[::1]:2", "--loud")
        #expect(settings == Settings(addresses: [":1", "[::1]:2"], isLoud: true))
        #expect(operands == ["forget", "garage"])
    }

    @Test func `what stands behind two dashes is operands`() throws {
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
    func `a wrong command line is told in a sentence`(arguments: [String], message: String) {
        var settings = Settings()
        #expect(throws: UsageError(message)) { try flags.parse(arguments, into: &settings) }
    }

    @Test func `the help lists every flag with its default`() {
        #expect(flags.help.contains("--config.file=PATH"))
        #expect(flags.help.contains("The file. Default: none."))
        #expect(flags.help.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `a letter stands for its flag`() throws {
        #expect(try parse("-l").0.isLoud)
        #expect(try parse("undo", "-l", "--", "-l").1 == ["undo", "-l"])
    }

    @Test func `the help shows commands, examples and variables`() {
        for line in ["  program undo NAME  take one's words back", "  program --loud \\", "Environment: PROGRAM_HOME."]
        {
            #expect(manual.help.contains(line + "\n") || manual.help.contains(line + " "), "\(line)")
        }
    }

    /// Backslashes, hyphens that can be copied, and lines that begin as a request of roff does.
    @Test func `the manual page has what it shows escaped`() {
        let page = manual.page(version: "1.0", date: "2026-01-31")
        for line in [
            "program \\- does things", "program \\-\\-loud \\e", "\\-\\- .x 'y'", "Where \\fBit\\fR lives.",
            "\\fB\\-l, \\-\\-loud\\fR", "\\fBundo\\fR \\fINAME\\fR",
        ] { #expect(page.contains(line + "\n"), "\(line)") }
    }

    @Test func `each shell is offered commands, flags and letters`() {
        #expect(manual.completions(for: .bash).contains("--config.file= --web.listen-address= --loud"))
        #expect(manual.completions(for: .zsh).contains("'(-l --loud)'{-l,--loud}'[Says more]'"))
        #expect(manual.completions(for: .zsh).contains(#"undo\:"take one'\''s words back""#))
        #expect(manual.completions(for: .fish).contains("complete -c program -l loud -s l -d 'Says more'"))
    }
}
