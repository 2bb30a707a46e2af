/// Logs a lasting problem once; repetitions are logged at debug level.
struct LogOnce {
    private var last: String?

    /// Returns the level for a problem of this kind: `level` for a new problem, debug for a repeated one.
    mutating func level(of kind: String, first level: Options.LogLevel) -> Options.LogLevel {
        defer { last = kind }
        return last == kind ? .debug : level
    }

    /// Records that the problem is gone. Returns whether there was one.
    mutating func clear() -> Bool {
        defer { last = nil }
        return last != nil
    }
}
