import Glibc
import Platform

/// Prompts on standard error and reads answers from standard input, at a terminal or through a pipe.
final class Console {
    /// The longest line to read, in bytes.
    private static let limit = 4096
    private static let ended = CommandError(
        "standard input ended before all questions were answered. No token was written.")
    /// The byte of Ctrl-C.
    private static let interrupt: UInt8 = 3

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

    /// Prompts for a line without echo. At a terminal, Ctrl-C ends the input.
    func askSecretly(_ question: String) throws -> Secret {
        show(question + " ")
        defer { show("\n") }
        guard isTerminal else { return Secret(try readLine()) }
        let line = try withoutEcho(readLine)
        guard line.utf8.last != Self.interrupt else { throw Self.ended }
        return Secret(line)
    }

    /// Reads the next line if it is one of `choices`; otherwise leaves it for the next question.
    func take(oneOf choices: [String]) -> String? {
        guard let line = nextLine, choices.contains(Self.text(line)) else { return nil }
        return try? readLine()
    }

    private func readLine() throws -> String {
        guard let line = nextLine else { throw Self.ended }
        defer { buffer.removeFirst(min(line.count + 1, buffer.count)) }
        return Self.text(line)
    }

    /// The next line, which stays in the buffer; `nil` at the end of the input.
    private var nextLine: ArraySlice<UInt8>? {
        fill()
        return buffer.isEmpty ? nil : buffer.prefix { $0 != 10 }
    }

    /// Reads until the buffer contains a whole line or the input ends.
    private func fill() {
        while !hasEnded, !buffer.contains(10), !isInterrupted, buffer.count < Self.limit {
            var chunk = [UInt8](repeating: 0, count: 1024)
            let count = read(0, &chunk, chunk.count)
            if count > 0 { buffer += chunk.prefix(count) } else if count == 0 || errno != EINTR { hasEnded = true }
        }
    }

    private var isInterrupted: Bool { isTerminal && buffer.last == Self.interrupt }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
    }

    /// Runs `body` with a terminal that echoes no key. Restores the terminal afterwards.
    private func withoutEcho<Result>(_ body: () throws -> Result) throws -> Result {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { throw SystemError(errno, "tcgetattr") }
        var quiet = before
        // If Ctrl-C ended the process, the terminal would stay without echo. It ends the line instead, by VEOL.
        quiet.c_lflag &= ~tcflag_t(ECHO | ISIG)
        quiet.c_cc.11 = Self.interrupt
        guard tcsetattr(0, TCSAFLUSH, &quiet) == 0 else { throw SystemError(errno, "tcsetattr") }
        defer { tcsetattr(0, TCSAFLUSH, &before) }
        return try body()
    }
}
