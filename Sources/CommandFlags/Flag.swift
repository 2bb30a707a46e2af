/// One flag of a command line: `--name=value`, `--name value`, or `--name` alone.
package struct Flag<Target>: Sendable {
    /// What a shell may offer as a value.
    package enum Values: Sendable, Equatable {
        case anything
        case file
        case folder
        case choices([String])
    }

    package let name: String
    /// A second way to write it, a dash and a letter.
    package let letter: Character?
    /// What the value is called in the help; `nil` for a flag without one.
    package let placeholder: String?
    package let values: Values
    /// What holds without the flag, for the help; "" where nothing needs saying.
    package let fallback: String
    package let help: String
    let apply: @Sendable (inout Target, String) throws -> Void

    /// A flag that takes a value. `apply` throws `UsageError` where the value cannot be used.
    package init(
        _ name: String, _ placeholder: String, _ help: String, default fallback: String = "",
        letter: Character? = nil, of values: Values = .anything,
        apply: @escaping @Sendable (inout Target, String) throws -> Void
    ) {
        self.name = name
        self.letter = letter
        self.placeholder = placeholder
        self.values = values
        self.help = help
        self.fallback = fallback
        self.apply = apply
    }

    /// A flag that is there or not.
    package init(
        _ name: String, _ help: String, letter: Character? = nil, apply: @escaping @Sendable (inout Target) -> Void
    ) {
        self.name = name
        self.letter = letter
        placeholder = nil
        values = .anything
        self.help = help
        fallback = ""
        self.apply = { target, _ in apply(&target) }
    }

    /// The flag as the help writes it.
    package var spelling: String {
        placeholder.map { "--\(name)=\($0)" } ?? "--\(name)"
    }

    /// All that the help says of it.
    package var description: String {
        fallback.isEmpty ? help : "\(help) Default: \(fallback)."
    }
}

/// A command line that cannot be used: the sentence that the user gets.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
