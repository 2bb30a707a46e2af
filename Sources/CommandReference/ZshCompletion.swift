import CommandFlags

/// Completion for zsh, with `_arguments`.
extension Manual {
    var zsh: String {
        /// Escapes text for use inside single quotes, brackets and colons.
        func quoted(_ text: String) -> String {
            text.replacing("'", with: "'\\''").replacing(":", with: "\\:").replacing("[", with: "\\[")
                .replacing("]", with: "\\]")
        }
        let flags = all.map { flag in
            let action =
                switch flag.values {
                case .anything: ""
                case .file: "_files"
                case .folder: "_files -/"
                case .choices(let choices): "(\(choices.joined(separator: " ")))"
                }
            let value = flag.placeholder.map { ":\($0):\(action)" } ?? ""
            let name = "--\(flag.name)\(flag.placeholder == nil ? "" : "=")"
            let text = "[\(quoted(Self.gist(flag.help)))]\(value)'"
            return flag.letter.map { "'(-\($0) --\(flag.name))'{-\($0),\(name)}'\(text)" } ?? "'\(name)\(text)"
        }
        let commands = named.map { "\($0.name)\\:\"\(quoted(Self.gist($0.help)))\"" }
        return """
            _arguments \\
                \(flags.joined(separator: " \\\n    ")) \\
                '1:command:((\(commands.joined(separator: " "))))' \\
                '*:printer:'

            """
    }
}
