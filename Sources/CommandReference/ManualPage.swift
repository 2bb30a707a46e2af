package import CommandFlags

/// The manual page, in the macros of man(7).
extension Manual {
    /// - Parameters:
    ///   - version: as `--version` says it.
    ///   - date: of that version, as `2026-01-31`.
    package func page(version: String, date: String) -> String {
        let flags = flags.flags.map { flag in
            let letter = flag.letter.map { "-\($0), " } ?? ""
            return Self.entry(Self.bold("\(letter)--\(flag.name)", flag.placeholder), flag.description)
        }
        let commands = commands.map { command in
            Self.entry(Self.bold(command.name, command.operands), Self.sentence(command.help))
        }
        let examples = examples.map { example in
            ([Self.escaped(example.title), ".PP", ".nf", ".RS 4"] + example.lines.map(Self.escaped) + [".RE", ".fi"])
                .joined(separator: "\n")
        }
        let sections = [
            ("NAME", "\(program) \\- \(Self.escaped(Self.clause(purpose)))"),
            (
                "SYNOPSIS",
                self.commands.map { Self.bold(program, String(usage(of: $0).dropFirst(program.count + 1))) }.joined(
                    separator: "\n.br\n")
            ),
            ("COMMANDS", commands.joined(separator: "\n")),
            ("OPTIONS", "Values stand behind an equals sign or a space.\n" + flags.joined(separator: "\n")),
            ("EXAMPLES", examples.joined(separator: "\n.PP\n")),
            (
                "ENVIRONMENT",
                "A flag overrules the environment, and that the file.\n"
                    + variables.map(Self.entry).joined(separator: "\n")
            ),
            ("FILES", files.map(Self.entry).joined(separator: "\n")),
            ("EXIT STATUS", Self.escaped(notes)),
        ]
        return """
            .\\" Written by `make docs` from the table that --help is written from; a test fails when it is stale.
            .TH \(program.uppercased()) 1 "\(date)" "\(program) \(version)" "User Commands"

            """ + sections.map { ".SH \($0)\n\($1)\n" }.joined()
    }

    private static func entry(_ term: String, _ meaning: String) -> String {
        ".TP\n\(term)\n\(marked(meaning))"
    }

    private static func entry(_ entry: Entry) -> String {
        Self.entry(bold(entry.names.joined(separator: ", "), nil), entry.meaning)
    }

    /// A word as it is to be typed, and what stands for something else.
    private static func bold(_ word: String, _ rest: String?) -> String {
        let joint = word.contains("--") ? "=" : " "
        let rest = rest.flatMap { $0.isEmpty ? nil : "\(word.isEmpty ? "" : joint)\\fI\(escaped($0))\\fR" } ?? ""
        return (word.isEmpty ? "" : "\\fB\(escaped(word))\\fR") + rest
    }

    /// Code between backticks in bold.
    private static func marked(_ text: String) -> String {
        escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index % 2 == 1 ? "\\fB\(part)\\fR" : String(part)
        }.joined()
    }

    /// A sentence without its capital and its full stop, as the line of names is written.
    private static func clause(_ sentence: String) -> String {
        String(sentence.prefix(1)).lowercased() + sentence.dropFirst().prefix { $0 != "." }
    }

    private static func sentence(_ clause: String) -> String {
        clause.prefix(1).uppercased() + clause.dropFirst() + "."
    }

    /// Hyphens that can be copied, backslashes that are ones, and no line that begins as a request does.
    private static func escaped(_ text: String) -> String {
        let text = text.map { $0 == "\\" ? "\\e" : $0 == "-" ? "\\-" : String($0) }.joined()
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}
