import JSONScanning

/// The current print job of a printer, or the last one: most values are kept when a job ends.
package struct Job: Sendable, Equatable {
    /// The state of the printer. Wire: `gcode_state`. Source: ha-bambulab const.py.
    package enum State: String, CaseIterable, Sendable {
        case idle, prepare, slicing, running, pause, finish, failed, `init`, offline
        /// Not reported yet, reported as "", or not known to this program.
        case unknown

        init(wire: String) {
            self = State(rawValue: wire.lowercased()) ?? .unknown
        }

        /// Whether the state shows what happened to the job. It does not while a printer starts, or if this program
        /// does not know the state.
        var isConclusive: Bool {
            self != .`init` && self != .offline && self != .unknown
        }

        /// Whether a job is active. Stage and time left are valid only then.
        package var isActive: Bool {
            self == .prepare || self == .running || self == .pause
        }
    }

    /// `nil` until the printer reports it.
    package var state: State?
    /// The progress of the job; see `Course`.
    package private(set) var course = Course()
    /// Wire: `stg_cur` or `stage._id`; see `Stage`.
    package var stage: Int?
    /// Wire: `subtask_name`.
    package var task: String?
    /// Wire: `gcode_file`.
    package var file: String?
    /// `idle`, `local`, `cloud` or `system`. Wire: `print_type`.
    package var type: String?
    /// The slots of the job's filaments, if it uses any. Wire: `mapping`, slot words.
    var slots: [FilamentSource] = []
    /// Identifies the job together with `subtaskID`; never exported. Wire: `task_id`.
    var taskID: String?
    /// Wire: `subtask_id`.
    var subtaskID: String?
    /// 0 = no error. Wire: `print_error`.
    package var error: UInt32?
    /// Percent of the normal speed. Wire: `spd_mag`.
    package var speedPercent: Double?
    /// 1 silent, 2 standard, 3 sport, 4 ludicrous; A1 01.07 sends 253 for a moment. Wire: `spd_lvl`.
    package var speedLevel: Int?

    package var progress: Double? { course.progress }
    package var layer: Int? { course.layer }
    package var layers: Int? { course.layers }

    /// Seconds to the end; `nil` without an active job. 0 while preparing means that the time is not known yet.
    package var remainingSeconds: Double? {
        guard let state, state.isActive, let minutes = course.remainingMinutes else { return nil }
        return state == .prepare && minutes == 0 ? nil : minutes * 60
    }

    /// When the job will end, in seconds since 1970; `nil` if `remainingSeconds` is.
    package var endTime: Double? {
        remainingSeconds.flatMap { seconds in course.remainingTime.map { $0 + seconds } }
    }

    /// When the job started as the printer reports it, in seconds since 1970; `nil` when idle.
    package var startTime: Double? {
        guard let state, state.isActive || state == .finish || state == .failed else { return nil }
        return course.startTime
    }

    /// The name of the current stage; `nil` without an active job.
    ///
    /// A1 and P1 send 0, "printing", when idle too, and a P2S while it is paused.
    package var stageName: String? {
        guard let state, state.isActive, let stage, !(state == .pause && stage == 0) else { return nil }
        return Stage.name(of: stage)
    }

    /// Merges the progress in one report.
    ///
    /// - Parameters:
    ///   - isNew: whether the job is a new one, so that the known progress is dropped.
    ///   - time: when the report arrived, in seconds since 1970.
    mutating func merge(_ delta: Course.Delta, isNew: Bool, at time: Double) {
        if isNew { course = Course() }
        course.merge(delta, at: time)
    }

    /// Whether the printer's error means that a user cancelled the job.
    package var isCancelled: Bool { error.map(PrintError.cancelled.contains) == true }

    /// Whether the job can be shown: it has a name, or the printer is working on a job or has finished one.
    package var isNamed: Bool {
        if !(task ?? "").isEmpty || !(file ?? "").isEmpty { return true }
        guard task != nil || file != nil, let state else { return false }
        return state.isActive || state == .finish || state == .failed
    }

    static let fields: [Field<PrintSection>] = [
        Field("gcode_state") { reader, section in
            var text: String?
            try reader.text(into: &text)
            guard let text else { return }
            section.state.job.state = State(wire: text)
            // "" follows a restart. Any other unknown name is counted, so that it is noticed.
            if State(rawValue: text.lowercased()) == nil, !text.isEmpty { reader.reject() }
        },
        Field("stg_cur") { try stage(&$0, into: &$1.state.job.stage) },
        Field("stage") { try stageFields.read(&$0, into: &$1) },
        Field("subtask_name") { try name(&$0, &$1) { try $0.text(into: &$1.task) } },
        Field("gcode_file") { try $0.text(into: &$1.state.job.file) },
        Field("print_type") { try $0.text(into: &$1.state.job.type) },
        Field("task_id") { try name(&$0, &$1) { try $0.textOrNumber(into: &$1.taskID) } },
        Field("subtask_id") { try name(&$0, &$1) { try $0.textOrNumber(into: &$1.subtaskID) } },
        Field("mapping") { try $1.state.job.readSlots(&$0) },
        Field("print_error") { reader, section in
            try reader.bits(into: &section.state.job.error)
            section.state.job.error = section.state.job.error.map(PrintError.error)
        },
        Field("spd_mag") { try $0.number(in: 0...1000, into: &$1.state.job.speedPercent) },
        Field("spd_lvl") { try $0.integer(in: 0...255, into: &$1.state.job.speedLevel) },
    ]

    private static let stageFields = FieldTable<PrintSection>([
        Field("_id") { try stage(&$0, into: &$1.newerStage) }
    ])

    private static func stage(_ reader: inout FieldReader, into stage: inout Int?) throws {
        try reader.integer(in: -1...0xFFFF, into: &stage)
    }

    /// Reads one of the names that identify a job; `null` does not name it.
    private static func name(
        _ reader: inout FieldReader, _ section: inout PrintSection,
        _ read: (inout FieldReader, inout Job) throws -> Void
    ) throws {
        if try reader.scanner.peek() != .null { section.namesJob = true }
        try read(&reader, &section.state.job)
    }

    /// More filaments than a job can have. Further ones are dropped.
    private static let slotLimit = 64

    private mutating func readSlots(_ reader: inout FieldReader) throws {
        var found: [FilamentSource] = []
        let isArray = try reader.array { reader in
            var word: Int?
            try reader.integer(in: 0...0xFFFF, into: &word)
            guard let source = word.flatMap(FilamentSource.init(packed:)), source != .none, found.count < Self.slotLimit
            else {
                return
            }
            found.append(source)
        }
        if isArray { slots = found }
    }
}
