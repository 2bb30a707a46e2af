import Platform

/// Decides when `snapshot` takes a picture. It reads no clock.
struct PicturePlan: Sendable {
    enum Mode: Sendable, Equatable {
        case once
        case every(Duration)
        /// Whenever the progress has advanced by this many percent.
        case everyPercent(Int)
    }

    let mode: Mode
    private var next: Instant?
    private var lastStep: Int?
    private(set) var isOver = false

    init(_ mode: Mode) {
        self.mode = mode
    }

    /// Whether a picture is due.
    ///
    /// - Parameter percent: the progress; `nil` if it is not known or nothing was printed yet.
    func isDue(at now: Instant, percent: Double?) -> Bool {
        switch mode {
        case .once: return !isOver
        case .every: return next.map { now >= $0 } ?? true
        case .everyPercent(let part):
            // A new job starts at 0, which is a different step too.
            guard let step = Self.step(percent, part) else { return false }
            return step != lastStep
        }
    }

    mutating func recordPicture(at now: Instant, percent: Double?) {
        switch mode {
        case .once: isOver = true
        case .every(let interval): next = max(now, (next ?? now) + interval)
        case .everyPercent(let part): lastStep = Self.step(percent, part)
        }
    }

    private static func step(_ percent: Double?, _ part: Int) -> Int? {
        percent.map { Int(min(max($0, 0), 100)) / max(1, part) }
    }
}
