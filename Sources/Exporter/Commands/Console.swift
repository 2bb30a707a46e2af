import Glibc
import Reactor

/// Somebody who is asked on standard input: at a terminal, or a line each through a pipe.
final class Console {
    /// Nobody answers any more.
    struct Ended: Error, CustomStringConvertible {
        var description: String { "nothing more came on standard input" }
    }

    /// The longest line that is taken.
    private static let limit = 4096

    let isTerminal = isatty(0) == 1 && isatty(2) == 1
    private var buffer: [UInt8] = []
    private var hasEnded = false

    /// Says something on standard error: standard output may be a file.
    func say(_ text: String) {
        Log.writeToStandardError(text)
    }

    /// Asks for a line. The question is put at a terminal and through a pipe alike, so that a log tells what was missing.
    func ask(_ question: String) throws -> String {
        say(question + " ")
        let line = try readLine()
        if !isTerminal { say("\n") }
        return line
    }

    /// Asks for a line that nobody is to see.
    func askSecretly(_ question: String) throws -> Secret {
        say(question + " ")
        guard isTerminal else {
            defer { say("\n") }
            return Secret(try readLine())
        }
        defer { say("\n") }
        return try withoutEcho { Secret(try readKeys()) }
    }

    /// The next line if it is one of `choices`; leaves any other line for the next question.
    func take(oneOf choices: [String]) -> String? {
        fill()
        guard let end = buffer.firstIndex(of: 10) else { return nil }
        let line = Self.text(buffer[..<end])
        guard choices.contains(line) else { return nil }
        buffer.removeSubrange(...end)
        return line
    }

    private func readLine() throws -> String {
        fill()
        guard let end = buffer.firstIndex(of: 10) else {
            guard !buffer.isEmpty else { throw Ended() }
            defer { buffer = [] }
            return Self.text(buffer[...])
        }
        defer { buffer.removeSubrange(...end) }
        return Self.text(buffer[..<end])
    }

    /// Reads until there is a whole line, or no more.
    private func fill() {
        while !hasEnded, buffer.firstIndex(of: 10) == nil, buffer.count < Self.limit {
            var chunk = [UInt8](repeating: 0, count: 1024)
            let count = read(0, &chunk, chunk.count)
            if count > 0 { buffer += chunk.prefix(count) } else if count == 0 || errno != EINTR { hasEnded = true }
        }
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
    }

    /// Has the terminal hand over every key as it is and show none, and puts it right again whatever happens.
    private func withoutEcho<Result>(_ body: () throws -> Result) throws -> Result {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { throw SystemError(errno, "tcgetattr") }
        var quiet = before
        // Without ISIG, so that Ctrl-C is a key too: to die here would leave the terminal mute.
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard tcsetattr(0, TCSAFLUSH, &quiet) == 0 else { throw SystemError(errno, "tcsetattr") }
        defer { tcsetattr(0, TCSAFLUSH, &before) }
        return try body()
    }

    private func readKeys() throws -> String {
        var line: [UInt8] = []
        while true {
            var key: UInt8 = 0
            let count = read(0, &key, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw Ended() }
            switch key {
            case 10, 13: return String(decoding: line, as: UTF8.self)
            // Ctrl-C, and Ctrl-D where nothing has been typed.
            case 3: throw Ended()
            case 4 where line.isEmpty: throw Ended()
            // Ctrl-U.
            case 21: line = []
            case 8, 127:
                // A character of several bytes goes as a whole.
                while let last = line.popLast(), last & 0xC0 == 0x80 {}
            case 32...: if line.count < Self.limit { line.append(key) }
            default: break
            }
        }
    }
}
