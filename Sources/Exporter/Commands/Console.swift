import Glibc
import Platform

/// Prompts on standard error and reads answers from standard input, at a terminal or through a pipe.
final class Console {
    /// Standard input ended before an answer.
    struct Ended: Error, CustomStringConvertible {
        var description: String { "standard input ended before all questions were answered" }
    }

    /// The longest line to read, in bytes.
    private static let limit = 4096

    let isTerminal = isatty(0) == 1 && isatty(2) == 1
    private var buffer: [UInt8] = []
    private var hasEnded = false

    /// Prints text on standard error, since standard output may be a file.
    func show(_ text: String) {
        Log.writeToStandardError(text)
    }

    /// Prompts for a line. The question is also printed without a terminal, so that a log shows which answer was
    /// missing.
    func ask(_ question: String) throws -> String {
        show(question + " ")
        let line = try readLine()
        if !isTerminal { show("\n") }
        return line
    }

    /// Prompts for a line without echo.
    func askSecretly(_ question: String) throws -> Secret {
        show(question + " ")
        guard isTerminal else {
            defer { show("\n") }
            return Secret(try readLine())
        }
        defer { show("\n") }
        return try withoutEcho { Secret(try readKeys()) }
    }

    /// Reads the next line if it is one of `choices`; otherwise leaves it for the next question.
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

    /// Reads until the buffer contains a whole line or the input ends.
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

    /// Runs `body` with a terminal that passes every key and echoes none. Restores the terminal afterwards.
    private func withoutEcho<Result>(_ body: () throws -> Result) throws -> Result {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { throw SystemError(errno, "tcgetattr") }
        var quiet = before
        // Without ISIG, Ctrl-C is read as a key: if it ended the process, the terminal would stay without echo.
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
            // Ctrl-C, and Ctrl-D if the line is empty.
            case 3: throw Ended()
            case 4 where line.isEmpty: throw Ended()
            // Ctrl-U.
            case 21: line = []
            case 8, 127:
                // Remove all bytes of a character.
                while let last = line.popLast(), last & 0xC0 == 0x80 {}
            case 32...: if line.count < Self.limit { line.append(key) }
            default: break
            }
        }
    }
}
