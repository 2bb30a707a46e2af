package import CommandFlags

/// What the tables of a manual teach a shell.
extension Manual {
    /// A shell that completions are written for.
    package enum Shell: String, Sendable, CaseIterable {
        case bash, zsh, fish
    }

    package func completions(for shell: Shell) -> String {
        let note =
            "# Written by `make docs` from the table that --help is written from; a test fails when it is stale.\n"
        switch shell {
        case .bash: return note + bash
        case .zsh: return "#compdef \(program)\n" + note + zsh
        case .fish: return note + fish
        }
    }

    var all: [Flag<Target>] { flags.flags }
    var named: [Command] { commands.filter { !$0.name.isEmpty } }

    /// The beginning of a help that can stand alone, without a full stop.
    static func gist(_ help: String) -> String {
        let end = [". ", "; "].compactMap { help.firstRange(of: $0)?.lowerBound }.min() ?? help.endIndex
        let first = help[..<end]
        return String(first.hasSuffix(".") ? first.dropLast() : first)
    }

    static func spellings(of flag: Flag<Target>) -> [String] {
        ["--\(flag.name)"] + (flag.letter.map { ["-\($0)"] } ?? [])
    }
}
