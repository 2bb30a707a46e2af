/// The manual of a program, from which its help, its manual page and the shell completions are generated.
package struct Manual<Target: Sendable>: Sendable {
    package struct Command: Sendable {
        /// The name; empty for the program without a command.
        package let name: String
        /// The operands after the name, such as `NAME -o FILE`.
        package let operands: String
        /// A description without a full stop.
        package let help: String

        package init(_ name: String, _ operands: String = "", _ help: String) {
            self.name = name
            self.operands = operands
            self.help = help
        }
    }

    package struct Example: Sendable {
        /// The title, with a colon at its end.
        package let title: String
        /// Lines that can be copied into a shell.
        package let lines: [String]

        package init(_ title: String, _ lines: String...) {
            self.title = title
            self.lines = lines
        }
    }

    /// An environment variable or a file; several names may share one meaning.
    package struct Entry: Sendable {
        package let names: [String]
        /// A sentence, with code between backticks.
        package let meaning: String

        package init(_ names: String..., meaning: String) {
            self.names = names
            self.meaning = meaning
        }
    }

    package let program: String
    /// The purpose of the program, in one sentence.
    package let purpose: String
    package let commands: [Command]
    package let examples: [Example]
    package let flags: FlagSet<Target>
    package let variables: [Entry]
    package let files: [Entry]
    /// Sentences about signals and exit codes.
    package let notes: String

    package init(
        of program: String, _ purpose: String, commands: [Command], examples: [Example], flags: FlagSet<Target>,
        variables: [Entry], files: [Entry], notes: String
    ) {
        self.program = program
        self.purpose = purpose
        self.commands = commands
        self.examples = examples
        self.flags = flags
        self.variables = variables
        self.files = files
        self.notes = notes
    }

    package func usage(of command: Command) -> String {
        [program, command.name, command.operands].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The output of `--help`.
    package var help: String {
        let examples = examples.map { example in
            ([example.title] + example.lines.map { "  " + $0 }).joined(separator: "\n")
        }
        let names = variables.flatMap(\.names).joined(separator: ", ")
        return """
            \(purpose)

            Usage:
            \(Columns.text(of: commands.map { (usage(of: $0), $0.help) }))

            \(examples.joined(separator: "\n\n"))

            Flags, as --name=value or --name value:
            \(flags.help)

            \(Columns.paragraph("Environment: \(names). A flag overrides the environment, which overrides the file."))

            \(Columns.paragraph(notes))

            """
    }
}
