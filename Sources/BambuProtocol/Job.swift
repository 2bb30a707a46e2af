import JSONScanning

/// The print job that a printer works on, or worked on last: most values stay when a job ends.
package struct Job: Sendable, Equatable {
    /// What the printer does. Wire: `gcode_state`. Source: ha-bambulab const.py.
    package enum State: String, CaseIterable, Sendable {
        case idle, prepare, slicing, running, pause, finish, failed, `init`, offline
        /// Not said yet, said as "", or a state that this program does not know.
        case unknown

        init(wire: String) {
            self = State(rawValue: wire.lowercased()) ?? .unknown
        }

        /// Whether it tells what became of the job: not while a printer starts, or says what this program cannot read.
        var isTelling: Bool {
            self != .`init` && self != .offline && self != .unknown
        }

        /// Whether a job is under way, in which stage and time left mean something.
        package var isActive: Bool {
            self == .prepare || self == .running || self == .pause
        }
    }

    /// `nil` until the printer said it.
    package var state: State?
    /// 0 to 100 %. Counts preparation too; stays at 100 after a job. Wire: `mc_percent`.
    package var progress: Double?
    /// Minutes to the end as the printer reckons. Wire: `mc_remaining_time`.
    package var remainingMinutes: Double?
    /// Wire: `layer_num`. May be above `layers` for a moment when a job starts (P2S 01.02).
    package var layer: Int?
    /// Wire: `total_layer_num`. P1S sends 0 at the end of a job.
    package var layers: Int?
    /// Wire: `stg_cur`; see `Stage`.
    package var stage: Int?
    /// Wire: `subtask_name`.
    package var task: String?
    /// Wire: `gcode_file`.
    package var file: String?
    /// `idle`, `local`, `cloud` or `system`. Wire: `print_type`.
    package var type: String?
    /// Wire: `task_id`. Tells, with the next one, one job from another; never exported.
    var taskID: String?
    /// Wire: `subtask_id`.
    var subtaskID: String?
    /// 0 = none. Wire: `print_error`.
    package var error: UInt32?
    /// % of the normal speed. Wire: `spd_mag`.
    package var speedPercent: Double?
    /// 1 silent, 2 standard, 3 sport, 4 ludicrous; A1 01.07 sends 253 for a moment. Wire: `spd_lvl`.
    package var speedLevel: Int?

    /// Seconds to the end, only while there is a job; 0 while preparing means that it is not known yet.
    package var remainingSeconds: Double? {
        guard let state, state.isActive, let remainingMinutes else { return nil }
        return state == .prepare && remainingMinutes == 0 ? nil : remainingMinutes * 60
    }

    /// The name of the present stage, only while there is a job: A1 and P1 send 0, "printing", when idle too.
    package var stageName: String? {
        guard let state, state.isActive, let stage else { return nil }
        return Stage.name(of: stage)
    }

    /// Whether there is anything to tell about a job: it has a name, or the printer is at one or through with one.
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
            // "" comes after a restart; another name is one that this program should learn.
            if State(rawValue: text.lowercased()) == nil, !text.isEmpty { reader.reject() }
        },
        Field("mc_percent") { try $0.number(in: 0...100, into: &$1.state.job.progress) },
        Field("mc_remaining_time") { try $0.number(in: 0...1e6, into: &$1.state.job.remainingMinutes) },
        Field("layer_num") { try $0.integer(in: 0...1_000_000, into: &$1.state.job.layer) },
        Field("total_layer_num") { try $0.integer(in: 0...1_000_000, into: &$1.state.job.layers) },
        Field("stg_cur") { try $0.integer(in: -1...0xFFFF, into: &$1.state.job.stage) },
        Field("subtask_name") { try name(&$0, &$1) { try $0.text(into: &$1.task) } },
        Field("gcode_file") { try $0.text(into: &$1.state.job.file) },
        Field("print_type") { try $0.text(into: &$1.state.job.type) },
        Field("task_id") { try name(&$0, &$1) { try $0.textOrNumber(into: &$1.taskID) } },
        Field("subtask_id") { try name(&$0, &$1) { try $0.textOrNumber(into: &$1.subtaskID) } },
        Field("print_error") { try $0.bits(into: &$1.state.job.error) },
        Field("spd_mag") { try $0.number(in: 0...1000, into: &$1.state.job.speedPercent) },
        Field("spd_lvl") { try $0.integer(in: 0...255, into: &$1.state.job.speedLevel) },
    ]

    /// Reads one of the names that tell a job from the next; `null` names nothing.
    private static func name(
        _ reader: inout FieldReader, _ section: inout PrintSection,
        _ read: (inout FieldReader, inout Job) throws -> Void
    ) throws {
        if try reader.scanner.peek() != .null { section.namesJob = true }
        try read(&reader, &section.state.job)
    }
}
