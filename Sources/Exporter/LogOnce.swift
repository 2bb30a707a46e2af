/// Keeps a lasting problem from filling the log: it is logged once, and at debug level while it stays the same.
struct LogOnce {
    private var last: String?

    /// The level for a problem of this kind.
    mutating func level(of kind: String, first level: Options.LogLevel) -> Options.LogLevel {
        defer { last = kind }
        return last == kind ? .debug : level
    }

    /// The problem is gone. Returns whether there was one.
    mutating func clear() -> Bool {
        defer { last = nil }
        return last != nil
    }
}
