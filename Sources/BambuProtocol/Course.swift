import JSONScanning

/// The progress of a job. Most values are kept when the job ends; the next job starts without any.
package struct Course: Sendable, Equatable {
    /// 0 to 100 %, including preparation; stays at 100 after a job. Wire: `mc_percent`.
    private(set) var progress: Double?
    /// The printer's estimate of the minutes to the end. Wire: `mc_remaining_time`.
    private(set) var remainingMinutes: Double?
    /// When the printer reported `remainingMinutes`, in seconds since 1970.
    private(set) var remainingTime: Double?
    /// Wire: `layer_num`. May be above `layers` for a moment when a job starts (P2S 01.02).
    private(set) var layer: Int?
    /// Wire: `total_layer_num`. P1S sends 0 at the end of a job.
    private(set) var layers: Int?
    /// Seconds since 1970. Only X1 before 01.09 report it, and send 0 after a restart. Wire: `gcode_start_time`.
    private(set) var startTime: Double?

    /// The progress in one report.
    struct Delta {
        fileprivate var progress: FieldReader.Reading<Double> = .nothing
        fileprivate var remainingMinutes: FieldReader.Reading<Double> = .nothing
        fileprivate var layer: FieldReader.Reading<Int> = .nothing
        fileprivate var layers: FieldReader.Reading<Int> = .nothing
        fileprivate var startTime: FieldReader.Reading<Double> = .nothing
    }

    /// Merges the progress of a report that arrived at `time`.
    mutating func merge(_ delta: Delta, at time: Double) {
        delta.progress.store(in: &progress)
        delta.remainingMinutes.store(in: &remainingMinutes)
        delta.layer.store(in: &layer)
        delta.layers.store(in: &layers)
        delta.startTime.store(in: &startTime)
        if startTime == 0 { startTime = nil }
        if case .value = delta.remainingMinutes { remainingTime = time }
    }

    static let fields: [Field<PrintSection>] = [
        Field("mc_percent") { $1.course.progress = try $0.number(in: 0...100) },
        Field("mc_remaining_time") { $1.course.remainingMinutes = try $0.number(in: 0...1e6) },
        Field("layer_num") { $1.course.layer = try $0.integer(in: 0...1_000_000) },
        Field("total_layer_num") { $1.course.layers = try $0.integer(in: 0...1_000_000) },
        Field("gcode_start_time") { $1.course.startTime = try startTime(&$0) },
    ]

    /// Reads seconds since 1970, usually a string; 0 and "" mean that the time is absent.
    private static func startTime(_ reader: inout FieldReader) throws -> FieldReader.Reading<Double> {
        var time: Double?
        if try reader.scanner.peek() == .string {
            try reader.positive(in: 0...1e11, into: &time)
            return .value(time ?? 0)
        }
        return try reader.number(in: 0...1e11)
    }
}
