import Glibc
import Reactor

/// Writes lines to standard error, one event each: `time=… level=… msg="…" key=value`, or the same as JSON.
final class Log: Sendable {
    typealias Fields = KeyValuePairs<String, any CustomStringConvertible & Sendable>

    private let level: Options.LogLevel
    private let format: Options.LogFormat
    private let output: @Sendable (String) -> Void

    /// - Parameter output: takes one line, its line feed included.
    init(
        level: Options.LogLevel = .info, format: Options.LogFormat = .logfmt,
        output: @escaping @Sendable (String) -> Void = Log.writeToStandardError
    ) {
        self.level = level
        self.format = format
        self.output = output
    }

    func debug(_ message: String, _ fields: Fields = [:]) { write(.debug, message, fields) }
    func info(_ message: String, _ fields: Fields = [:]) { write(.info, message, fields) }
    func warn(_ message: String, _ fields: Fields = [:]) { write(.warn, message, fields) }
    func error(_ message: String, _ fields: Fields = [:]) { write(.error, message, fields) }

    func write(_ level: Options.LogLevel, _ message: String, _ fields: Fields) {
        guard level >= self.level else { return }
        let texts = fields.map { ($0.key, $0.value.description) }
        let time = TimeText.now()
        switch format {
        case .logfmt:
            let rest = texts.map { " \($0)=\(Self.bare($1))" }.joined()
            output("time=\(time) level=\(level.rawValue) msg=\(message.quoted)\(rest)\n")
        case .json:
            let all = [("time", time), ("level", level.rawValue), ("msg", message)] + texts
            output("{" + all.map { "\($0.quoted):\($1.quoted)" }.joined(separator: ",") + "}\n")
        }
    }

    /// Writes a line at once, and blocks while standard error takes nothing.
    static let writeToStandardError: @Sendable (String) -> Void = { Output.write($0, to: STDERR_FILENO) }

    /// A value of logfmt: quoted where it must be.
    private static func bare(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"=\\".utf8.contains($0) }
        return isPlain ? text : text.quoted
    }
}

/// Times of day as RFC 3339 writes them.
enum TimeText {
    /// Now, in milliseconds.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(ofSeconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// A time of day in whole seconds.
    static func text(ofSeconds seconds: Int) -> String {
        String(text(ofSeconds: seconds, milliseconds: 0).dropLast(5)) + "Z"
    }

    static func text(ofSeconds seconds: Int, milliseconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let clock = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        return padded(date[0], 4) + date[1...].map { "-" + padded($0, 2) }.joined() + "T"
            + clock.map { padded($0, 2) }.joined(separator: ":") + "." + padded(milliseconds, 3) + "Z"
    }
}

/// The time of day in seconds since 1970.
enum WallClock {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        // Milliseconds: more digits tell nobody anything and cost as many bytes in every scrape.
        return Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1000
    }
}
