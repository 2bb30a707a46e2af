import CommandFlags

/// Completion for bash, which treats `=` as a separate word.
extension Manual {
    var bash: String {
        func pattern(_ matches: (Flag<Target>) -> Bool) -> String {
            all.filter { $0.placeholder != nil && matches($0) }.flatMap(Self.spellings).joined(separator: " | ")
        }
        var cases: [String] = []
        for flag in all {
            guard case .choices(let choices) = flag.values else { continue }
            cases.append(
                """
                    \(Self.spellings(of: flag).joined(separator: " | ")))
                        mapfile -t COMPREPLY < <(compgen -W "\(choices.joined(separator: " "))" -- "$word")
                        return ;;
                """)
        }
        for (values, action) in [(Flag<Target>.Values.file, "-f"), (.folder, "-d")] {
            let flags = pattern { $0.values == values }
            guard !flags.isEmpty else { continue }
            cases.append(
                """
                    \(flags))
                        compopt -o filenames
                        mapfile -t COMPREPLY < <(compgen \(action) -- "$word")
                        return ;;
                """)
        }
        cases.append("    \(pattern { $0.values == .anything })) return ;;")
        let words = all.map { $0.placeholder == nil ? "--\($0.name)" : "--\($0.name)=" }.joined(separator: " ")
        return """
            _\(program)() {
                local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} index command=
                if [[ $word == = ]]; then
                    word=
                elif [[ $flag == = ]]; then
                    flag=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                case $flag in
            \(cases.joined(separator: "\n"))
                esac
                if [[ $word == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "\(words)" -- "$word")
                    if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi
                    return
                fi
                for ((index = 1; index < COMP_CWORD; index++)); do
                    case ${COMP_WORDS[index]} in
                    =) index=$((index + 1)) ;;
                    \(pattern { _ in true })) if [[ ${COMP_WORDS[index + 1]} != = ]]; then index=$((index + 1)); fi ;;
                    -*) ;;
                    *) command=${COMP_WORDS[index]} ;;
                    esac
                done
                if [[ -z $command ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "\(named.map(\.name).joined(separator: " "))" -- "$word")
                fi
            }
            complete -F _\(program) \(program)

            """
    }
}
