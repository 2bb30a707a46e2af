/// The flags of a program: parses a command line and formats the help.
package struct FlagSet<Target>: Sendable {
    package let flags: [Flag<Target>]

    package init(_ flags: [Flag<Target>]) {
        self.flags = flags
    }

    /// The names of the flags, without dashes.
    package var names: [String] { flags.map(\.name) }

    /// Parses a command line, with the rules of `getopt_long`. No flag is applied if another one is invalid.
    ///
    /// - Parameter arguments: The arguments without the program's name.
    /// - Returns: The operands in order.
    /// - Throws: `UsageError` with the argument and the remedy.
    package func parse(_ arguments: [String], into target: inout Target) throws -> [String] {
        var rest = arguments.prefix { $0 != "--" }
        let unparsed = arguments.dropFirst(rest.count + 1)
        var found: [(flag: Flag<Target>, value: String)] = []
        var operands: [String] = []
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-"), argument != "-" else {
                operands.append(argument)
                continue
            }
            let equals = argument.hasPrefix("--") ? argument.utf8.firstIndex(of: UInt8(ascii: "=")) : nil
            guard let flag = flag(named: argument[..<(equals ?? argument.endIndex)]) else {
                throw UsageError("unknown flag \(argument)\(suggestion(for: argument)) --help lists the flags")
            }
            var value = equals.map { String(argument[argument.utf8.index(after: $0)...]) }
            if flag.placeholder == nil {
                guard value == nil else { throw UsageError("\(argument): this flag takes no value") }
            } else {
                value = value ?? rest.popFirst()
                guard value != nil else { throw UsageError("--\(flag.name) needs a value") }
            }
            found.append((flag, value ?? ""))
        }
        for (flag, value) in found {
            do {
                try flag.apply(&target, value)
            } catch let error as UsageError {
                throw UsageError("--\(flag.name): \(error.description)")
            }
        }
        return operands + unparsed
    }

    /// Finds a flag by its letter, its name or a beginning of its name; `nil` if several names begin so.
    private func flag(named text: Substring) -> Flag<Target>? {
        if let exact = flags.first(where: { $0.isNamed(text) }) { return exact }
        let meant = flags.filter { "--\($0.name)".hasPrefix(text) }
        return meant.count == 1 && text.count > 2 ? meant.first : nil
    }

    /// The continuation of the message about an unknown flag, with the most similar flag if there is one.
    private func suggestion(for given: String) -> String {
        let name = given.drop { $0 == "-" }.prefix { $0 != "=" }
        let meant = Spelling.nearest(to: String(name), among: flags.map(\.name))
        return meant.map { "; did you mean --\($0)?" } ?? ";"
    }

    /// The help of all flags, at most 100 columns wide.
    package var help: String {
        Columns.text(of: flags.map { ($0.spelling, $0.description) })
    }
}
