import CShim
import Glibc

/// The flags of a program: parses a command line and formats the help.
package struct FlagSet<Target>: Sendable {
    package let flags: [Flag<Target>]

    package init(_ flags: [Flag<Target>]) {
        self.flags = flags
    }

    /// The names of the flags, without dashes.
    package var names: [String] { flags.map(\.name) }

    /// Parses a command line with `getopt_long`.
    ///
    /// - Parameter arguments: The arguments without the program's name.
    /// - Returns: The operands in order.
    /// - Throws: `UsageError` with the argument and the remedy.
    package func parse(_ arguments: [String], into target: inout Target) throws -> [String] {
        // getopt loses its position at `--`, so it does not get the arguments after it.
        let flagged = arguments.prefix { $0 != "--" }
        var copies = (["program"] + flagged.map(spelledOut)).map { strdup($0) }
        let names = flags.map { strdup($0.name) }
        defer {
            for copy in copies { free(copy) }
            for name in names { free(name) }
        }
        copies.append(nil)
        var found: [(flag: Int, value: String?)] = []
        // getopt keeps its position in global variables, so only one thread may call it.
        pthread_mutex_lock(GetoptLock.shared.mutex)
        defer { pthread_mutex_unlock(GetoptLock.shared.mutex) }
        var argument = shim_argument()
        var isFirst = true
        while try next(copies, names, restart: isFirst, &argument) {
            isFirst = false
            found.append((Int(argument.flag), argument.value.map { String(cString: $0) }))
        }
        var operands: [String] = []
        for (index, value) in found {
            guard flags.indices.contains(index) else {
                operands.append(value ?? "")
                continue
            }
            do {
                try flags[index].apply(&target, value ?? "")
            } catch let error as UsageError {
                throw UsageError("--\(flags[index].name): \(error.description)")
            }
        }
        return operands + arguments.dropFirst(flagged.count + 1)
    }

    private func next(
        _ arguments: [UnsafeMutablePointer<CChar>?], _ names: [UnsafeMutablePointer<CChar>?], restart: Bool,
        _ argument: inout shim_argument
    ) throws -> Bool {
        let names = names.map { UnsafePointer($0) }
        let hasMore = shim_next_argument(
            Int32(arguments.count - 1), arguments, names, flags.map { $0.placeholder != nil }, Int32(flags.count),
            restart,
            &argument)
        guard hasMore, argument.problem != 0 else { return hasMore }
        let given = argument.given.map { String(cString: $0) } ?? ""
        switch argument.problem {
        case Int32(UInt8(ascii: ":")): throw UsageError("\(given) needs a value")
        case Int32(UInt8(ascii: "=")): throw UsageError("\(given): this flag takes no value")
        default: throw UsageError("unknown flag \(given)\(suggestion(for: given)) --help lists the flags")
        }
    }

    /// The continuation of the message about an unknown flag, with the most similar flag if there is one.
    private func suggestion(for given: String) -> String {
        let name = given.drop { $0 == "-" }.prefix { $0 != "=" }
        let meant = Spelling.nearest(to: String(name), among: flags.map(\.name))
        return meant.map { "; did you mean --\($0)?" } ?? ";"
    }

    /// Replaces the letter of a flag by `--name`; returns other arguments unchanged.
    private func spelledOut(_ argument: String) -> String {
        flags.first { flag in flag.letter.map { "-\($0)" == argument } ?? false }.map { "--\($0.name)" } ?? argument
    }

    /// The help of all flags, at most 100 columns wide.
    package var help: String {
        Columns.text(of: flags.map { ($0.spelling, $0.description) })
    }
}

private final class GetoptLock: @unchecked Sendable {
    // Sendable: the pointer never changes, and a mutex may be used from any thread.
    static let shared = GetoptLock()
    let mutex: UnsafeMutablePointer<pthread_mutex_t>

    private init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
    }
}
