import JSONScanning

/// The object `print` of one message, and the state as it would be with it.
///
/// A message is taken into state only when all of it has been read: whether it is a report or the answer to a command
/// may be told by its last key.
struct PrintSection: ~Copyable {
    var state: PrinterState
    /// Wire: `msg`: 0 full, 1 partial; older X1 and H2D 01.01 do not say.
    private var completeness: Int?
    private var command: String?
    private var hasResult = false
    private var fieldCount = 0
    /// Wire: `sequence_id`, where it is a number.
    private(set) var sequence: Int?
    /// Whether it names the job, be it only to say that there is none.
    var namesJob = false
    /// How far it says that the job is, which waits until it is known whether that is another job.
    var course = Course.News()
    /// What must wait until it is known whether the report also spoke of every extruder.
    var nozzle = Toolhead.Flat()
    var hadExtruders = false
    /// Wire: `stage._id`, which counts where a report has `stg_cur` too.
    var newerStage: Int?
    // What waits until it is known whether the report is full: `msg` may stand behind it.
    private var ams: AMS.Message?
    private var externals: ExternalSpools.Message?
    private var airduct: Airduct.Message?
    private var rack: Rack.Message?
    /// Whether it tells the AMS units anything new.
    private(set) var hasAMS = false

    init(_ state: consuming PrinterState) {
        self.state = state
    }

    /// Whether it is a report, and not the answer to somebody's command, which often echoes what was asked for.
    ///
    /// Source: bambuddy bambu_mqtt.py:1678-1686; bambu-rs docs/protocol.md.
    var isReport: Bool {
        !hasResult && (command == nil || command == "push_status")
    }

    /// Whether it tells everything: AMS units and slots that it does not mention are not there. Everything else is merged
    /// all the same: a key that a full report leaves out keeps its value, as in the maker's own software.
    ///
    /// Without `msg`, a report of 40 keys or more is taken to be full: an X1 before 01.09 and an H2D on 01.01 send about 60,
    /// and no partial report was seen with more than 20.
    var isFull: Bool {
        completeness.map { $0 == 0 } ?? (fieldCount >= 40)
    }

    private static let fields = FieldTable<PrintSection>.sorted(
        Job.fields, Course.fields, Toolhead.fields, Heating.fields, Fans.fields, Hardware.fields, CameraStatus.fields,
        Light.fields, HMSMessage.fields, ownFields, unread: unread)

    /// What newer firmware writes beside those.
    private static let unread = [
        "3D", "ams_rfid_status", "ams_status", "ap_err", "aux_part_fan", "batch_id", "cali_version", "canvas_id",
        "care", "design_id", "err", "err2", "fail_reason", "fan_gear", "file", "force_upgrade", "fun2",
        "gcode_file_prepare_percent", "job", "job_attr", "job_id", "lan_task_id", "mc_action", "mc_err",
        "mc_print_error_code", "mc_print_stage", "mc_print_sub_stage", "mc_stage", "model_id", "online", "percent",
        "plate_cnt", "plate_id", "plate_idx", "prepare_per", "print_gcode_action", "print_real_action",
        "profile_id", "project_id", "queue", "queue_est", "queue_number", "queue_sts", "queue_total",
        "remain_time", "s_obj", "stg", "t_utc", "upload", "ver", "xcam", "xcam_status",
    ]

    private static let ownFields: [Field<PrintSection>] = [
        Field("command") { try $0.text(into: &$1.command) },
        Field("result") { reader, section in
            section.hasResult = true
            try reader.scanner.skip()
        },
        Field("msg") { try $0.integer(in: 0...255, into: &$1.completeness) },
        Field("sequence_id") { reader, section in
            section.sequence = try reader.scanner.scalar().integer
        },
        Field("device") { try deviceFields.read(&$0, into: &$1) },
        Field("ams") { reader, section in
            // Of two the later one counts.
            section.ams = nil
            if try section.state.ams.skipRepeated(&reader) { return }
            var ams = AMS.Message(section.state.ams)
            try ams.read(&reader)
            section.ams = ams
        },
        Field("vt_tray") { try merge(&$0, into: &$1.externals, or: .init()) { try $1.readTray(&$0) } },
        Field("vir_slot") { try merge(&$0, into: &$1.externals, or: .init()) { try $1.readList(&$0) } },
    ]

    private static let deviceFields = FieldTable<PrintSection>.sorted([
        Field("extruder") { try Toolhead.extruderFields.read(&$0, into: &$1) },
        Field("nozzle") {
            try merge(&$0, into: &$1.rack, or: .init()) { try Rack.fields.read(&$0, into: &$1) }
        },
        Field("bed") { try Heating.bedFields.read(&$0, into: &$1.state.heating) },
        Field("ctc") { try Heating.chamberFields.read(&$0, into: &$1.state.heating) },
        Field("airduct") {
            try merge(&$0, into: &$1.airduct, or: .init()) { try Airduct.fields.read(&$0, into: &$1) }
        },
    ])

    /// Reads a value into a part of the message that is there from its first key on.
    private static func merge<Part>(
        _ reader: inout FieldReader, into part: inout Part?, or new: @autoclosure () -> Part,
        _ read: (inout FieldReader, inout Part) throws -> Void
    ) throws {
        var found = part ?? new()
        part = nil
        try read(&reader, &found)
        part = found
    }

    /// Reads the section. Returns whether it is an object.
    mutating func read(_ reader: inout FieldReader) throws -> Bool {
        guard let count = try Self.fields.read(&reader, into: &self) else { return false }
        fieldCount += count
        return true
    }

    /// Reads one key that some firmwares write beside the section: `ams`, `wifi_signal`.
    mutating func read(as key: String, _ reader: inout FieldReader) throws {
        fieldCount += 1
        try Self.fields.read(as: key, &reader, into: &self)
    }

    /// Does what had to wait for the end of the section.
    mutating func settle() throws {
        let isFull = isFull
        if let newerStage { state.job.stage = newerStage }
        if var ams {
            // The only one from here on, so that it is changed in place.
            self.ams = nil
            try ams.settle(isFull: isFull, after: state.ams)
            state.ams.takeUnits(of: ams)
            hasAMS = true
        }
        if let externals { try state.ams.externals.take(externals, isFull: isFull) }
        if state.ams.learn(isEstimating: state.hardware.isEstimating ?? true) { hasAMS = true }
        if let airduct { state.fans.take(airduct, isFull: isFull) }
        if let rack { state.toolhead.take(rack, isFull: isFull) }
        state.toolhead.apply(nozzle, reportHadExtruders: hadExtruders)
    }
}
