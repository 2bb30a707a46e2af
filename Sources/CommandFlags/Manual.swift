/// What a program says of itself. Its help, its manual page and the completions of three shells are written from it.
package struct Manual<Target: Sendable>: Sendable {
    package struct Command: Sendable {
        /// "" for what the program does without a command.
        package let name: String
        /// What follows the name, such as `NAME -o FILE`.
        package let operands: String
        /// A clause without a full stop.
        package let help: String

        package init(_ name: String, _ operands: String = "", _ help: String) {
            self.name = name
            self.operands = operands
            self.help = help
        }
    }

    package struct Example: Sendable {
        /// What it is, with the colon at its end.
        package let title: String
        /// To be copied into a shell.
        package let lines: [String]

        package init(_ title: String, _ lines: String...) {
            self.title = title
            self.lines = lines
        }
    }

    /// A variable of the environment, or a file: names that mean one thing together.
    package struct Entry: Sendable {
        package let names: [String]
        /// A sentence; code in it stands between backticks.
        package let meaning: String

        package init(_ names: String..., meaning: String) {
            self.names = names
            self.meaning = meaning
        }
    }

    package let program: String
    /// A sentence.
    package let purpose: String
    package let commands: [Command]
    package let examples: [Example]
    package let flags: FlagSet<Target>
    package let variables: [Entry]
    package let files: [Entry]
    /// Signals, exit codes: sentences.
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

    /// What `--help` prints.
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

            \(Columns.paragraph("Environment: \(names). A flag overrules the environment, and that the file."))

            \(Columns.paragraph(notes))

            """
    }
}
