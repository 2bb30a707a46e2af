/// One flag of a command line: `--name=value`, `--name value`, or `--name` alone.
package struct Flag<Target>: Sendable {
    package let name: String
    /// What the value is called in the help; `nil` for a flag without one.
    package let placeholder: String?
    /// What holds without the flag, for the help; "" where nothing needs saying.
    package let fallback: String
    package let help: String
    let apply: @Sendable (inout Target, String) throws -> Void

    /// A flag that takes a value. `apply` throws `UsageError` where the value cannot be used.
    package init(
        _ name: String, _ placeholder: String, _ help: String, default fallback: String = "",
        apply: @escaping @Sendable (inout Target, String) throws -> Void
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.fallback = fallback
        self.apply = apply
    }

    /// A flag that is there or not.
    package init(_ name: String, _ help: String, apply: @escaping @Sendable (inout Target) -> Void) {
        self.name = name
        placeholder = nil
        self.help = help
        fallback = ""
        self.apply = { target, _ in apply(&target) }
    }

    /// The flag as the help writes it.
    var spelling: String {
        placeholder.map { "--\(name)=\($0)" } ?? "--\(name)"
    }
}

/// A command line that cannot be used: the sentence that the user gets.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
