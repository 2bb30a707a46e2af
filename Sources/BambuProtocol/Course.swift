import JSONScanning

/// How far a job is. Most values stay when it ends, and none holds for the next job.
package struct Course: Sendable, Equatable {
    /// 0 to 100 %. Counts preparation too; stays at 100 after a job. Wire: `mc_percent`.
    private(set) var progress: Double?
    /// Minutes to the end as the printer reckons. Wire: `mc_remaining_time`.
    private(set) var remainingMinutes: Double?
    /// When the printer said that, in seconds since 1970.
    private(set) var remainingTime: Double?
    /// Wire: `layer_num`. May be above `layers` for a moment when a job starts (P2S 01.02).
    private(set) var layer: Int?
    /// Wire: `total_layer_num`. P1S sends 0 at the end of a job.
    private(set) var layers: Int?
    /// Seconds since 1970; only X1 before 01.09 say it, and 0 after a restart. Wire: `gcode_start_time`.
    private(set) var startTime: Double?

    /// What one report says of it.
    struct News {
        fileprivate var progress: FieldReader.Reading<Double> = .nothing
        fileprivate var remainingMinutes: FieldReader.Reading<Double> = .nothing
        fileprivate var layer: FieldReader.Reading<Int> = .nothing
        fileprivate var layers: FieldReader.Reading<Int> = .nothing
        fileprivate var startTime: FieldReader.Reading<Double> = .nothing
    }

    /// Takes in what one report says, which came at `time`.
    mutating func take(_ news: News, at time: Double) {
        news.progress.store(in: &progress)
        news.remainingMinutes.store(in: &remainingMinutes)
        news.layer.store(in: &layer)
        news.layers.store(in: &layers)
        news.startTime.store(in: &startTime)
        if startTime == 0 { startTime = nil }
        if case .value = news.remainingMinutes { remainingTime = time }
    }

    static let fields: [Field<PrintSection>] = [
        Field("mc_percent") { $1.course.progress = try $0.number(in: 0...100) },
        Field("mc_remaining_time") { $1.course.remainingMinutes = try $0.number(in: 0...1e6) },
        Field("layer_num") { $1.course.layer = try $0.integer(in: 0...1_000_000) },
        Field("total_layer_num") { $1.course.layers = try $0.integer(in: 0...1_000_000) },
        Field("gcode_start_time") { $1.course.startTime = try startTime(&$0) },
    ]

    /// Seconds since 1970, mostly as a text; 0 and "" are none.
    private static func startTime(_ reader: inout FieldReader) throws -> FieldReader.Reading<Double> {
        var time: Double?
        if try reader.scanner.peek() == .string {
            try reader.positive(in: 0...1e11, into: &time)
            return .value(time ?? 0)
        }
        return try reader.number(in: 0...1e11)
    }
}
