import CommandFlags

/// Completion for fish.
extension Manual {
    var fish: String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        let flags = all.map { flag in
            let values =
                switch (flag.placeholder, flag.values) {
                case (nil, _): ""
                case (_, .anything): " -x"
                case (_, .file): " -r -F"
                case (_, .folder): " -x -a '(__fish_complete_directories)'"
                case (_, .choices(let choices)): " -x -a \(quoted(choices.joined(separator: " ")))"
                }
            let letter = flag.letter.map { " -s \($0)" } ?? ""
            return "complete -c \(program) -l \(flag.name)\(letter)\(values) -d \(quoted(Self.gist(flag.help)))"
        }
        let commands = named.map {
            "complete -c \(program) -n __fish_use_subcommand -a \($0.name) -d \(quoted(Self.gist($0.help)))"
        }
        return (["complete -c \(program) -f"] + commands + flags).joined(separator: "\n") + "\n"
    }
}
