import FoundationEssentials
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

/// Times as RFC 3339 writes them, in UTC.
enum TimeText {
    /// The present time, with milliseconds.
    static func now() -> String {
        Date(timeIntervalSince1970: WallClock.now())
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// A time in seconds since 1970, in whole seconds.
    static func text(ofSeconds seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}

/// The time of day in seconds since 1970.
enum WallClock {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        // Milliseconds: more digits have no use, and cost as many bytes in every scrape.
        return Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1000
    }
}
