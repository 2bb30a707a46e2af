/// A command-line flag: `--name=value`, `--name value`, or `--name` without a value.
package struct Flag<Target>: Sendable {
    /// The values that shell completion offers.
    package enum Values: Sendable, Equatable {
        case anything
        case file
        case folder
        case choices([String])
    }

    package let name: String
    /// The letter of the short form, such as `-h`; `nil` if there is no short form.
    package let letter: Character?
    /// The name of the value in the help; `nil` for a flag without a value.
    package let placeholder: String?
    package let values: Values
    /// The default in the help; empty if it need not be mentioned.
    package let fallback: String
    package let help: String
    let apply: @Sendable (inout Target, String) throws -> Void

    /// Creates a flag with a value. `apply` throws `UsageError` if the value is invalid.
    package init(
        _ name: String, _ placeholder: String?, _ help: String, default fallback: String = "",
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

    /// Creates a flag without a value.
    package init(
        _ name: String, _ help: String, letter: Character? = nil, apply: @escaping @Sendable (inout Target) -> Void
    ) {
        self.init(name, nil, help, letter: letter) { target, _ in apply(&target) }
    }

    /// Whether `text` is the flag's letter or name, with its dashes.
    func isNamed(_ text: Substring) -> Bool { text == "--\(name)" || letter.map { "-\($0)" == text } ?? false }

    /// The flag in the form that the help shows.
    package var spelling: String {
        placeholder.map { "--\(name)=\($0)" } ?? "--\(name)"
    }

    /// The help text with the default.
    package var description: String {
        fallback.isEmpty ? help : "\(help) Default: \(fallback)."
    }
}

/// An invalid command line, with the message for the user.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
