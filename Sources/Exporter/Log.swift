import Glibc
import Platform

/// Writes log lines to standard error: `time=… level=… msg="…" key=value`, or the same as JSON.
struct Log: Sendable {
    /// A field without a value is left out.
    typealias Fields = KeyValuePairs<String, (any CustomStringConvertible & Sendable)?>

    var level = Options.LogLevel.info
    var format = Options.LogFormat.logfmt
    /// Called with one line, including its line feed.
    var output: @Sendable (String) -> Void = Log.writeToStandardError

    func debug(_ message: String, _ fields: Fields = [:]) { write(.debug, message, fields) }
    func info(_ message: String, _ fields: Fields = [:]) { write(.info, message, fields) }
    func warn(_ message: String, _ fields: Fields = [:]) { write(.warn, message, fields) }
    func error(_ message: String, _ fields: Fields = [:]) { write(.error, message, fields) }

    func write(_ level: Options.LogLevel, _ message: String, _ fields: Fields) {
        guard level >= self.level else { return }
        let texts = fields.compactMap { key, value in value.map { (key, $0.description) } }
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

    /// Writes a line to standard error. Blocks while it cannot be written.
    static let writeToStandardError: @Sendable (String) -> Void = { Output.write($0, to: STDERR_FILENO) }

    /// Formats a value for logfmt; quotes it if necessary.
    private static func bare(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"=\\".utf8.contains($0) }
        return isPlain ? text : text.quoted
    }
}

/// Formats times as in RFC 3339, in UTC.
enum TimeText {
    /// The current time, with milliseconds.
    static func now() -> String {
        let milliseconds = Int64((WallClock.now() * 1000).rounded())
        let fraction = "\(1000 + milliseconds % 1000)".dropFirst()
        return "\(dateAndTime(Int(milliseconds / 1000))).\(fraction)Z"
    }

    /// Formats a time in seconds since 1970, without fractions.
    static func text(ofSeconds seconds: Int) -> String {
        dateAndTime(seconds) + "Z"
    }

    private static func dateAndTime(_ seconds: time_t) -> String {
        var seconds = seconds
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return fields.text("%Y-%m-%dT%H:%M:%S")
    }
}

/// The current time in seconds since 1970.
enum WallClock {
    /// With milliseconds: more digits have no use, but add bytes to every scrape.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1000
    }
}
