import JSONScanning

/// The object `print` of one message, merged into a copy of the state.
///
/// The state is replaced only after the whole message was read: its last key can decide whether it is a report or the
/// answer to a command.
struct PrintSection: ~Copyable {
    var state: PrinterState
    /// Wire: `msg`: 0 full, 1 partial. Older X1 and H2D 01.01 do not report it.
    private var completeness: Int?
    private var command: String?
    private var hasResult = false
    private var fieldCount = 0
    /// Wire: `sequence_id`, if it is a number.
    private(set) var sequence: Int?
    /// Whether the report names the job, or reports that there is no job.
    var namesJob = false
    /// The job's progress. It is merged after the whole message was read, because only then it is known whether the job
    /// is a new one.
    var course = Course.Delta()
    /// The flat nozzle fields. They are merged after the whole message was read, because only then it is known whether
    /// the report also contains the nozzles themselves.
    var nozzle = Toolhead.Flat()
    /// Wire: `stage._id`, which takes precedence over `stg_cur`.
    var newerStage: Int?
    // These are merged after the whole message was read, because `msg` may follow them.
    private var ams: AMS.Delta?
    private var externals: ExternalSpools.Delta?
    private var airduct: Airduct.Delta?
    private var rack: Rack.Delta?
    /// Whether it contains new values of the AMS units.
    private(set) var hasAMS = false

    init(_ state: consuming PrinterState) {
        self.state = state
    }

    /// Whether it is a report, and not the answer to a client's command, which often echoes the request.
    ///
    /// Source: bambuddy bambu_mqtt.py:1678-1686; bambu-rs docs/protocol.md.
    var isReport: Bool {
        !hasResult && (command == nil || command == "push_status")
    }

    /// Whether the report is full: AMS units and slots that it does not contain do not exist.
    ///
    /// All other values are merged in both cases: a key that a full report leaves out keeps its value, as in the
    /// manufacturer's software.
    ///
    /// Without `msg`, a report of 40 keys or more is taken to be full: an X1 before 01.09 and an H2D on 01.01 send
    /// about 60, and no partial report was seen with more than 20.
    var isFull: Bool {
        completeness.map { $0 == 0 } ?? (fieldCount >= 40)
    }

    private static let fields = FieldTable<PrintSection>.sorted(
        Job.fields, Course.fields, Toolhead.fields, Heaters.fields, Fans.fields, Hardware.fields, CameraStatus.fields,
        Light.fields, HMSMessage.fields, ownFields, unread: unread)

    /// Further keys of newer firmware, which are not read.
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
            // If there are two, the last one wins.
            section.ams = nil
            var ams = AMS.Delta(section.state.ams)
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
        Field("bed") { try Heaters.bedFields.read(&$0, into: &$1.state.heaters) },
        Field("ctc") { try Heaters.chamberFields.read(&$0, into: &$1.state.heaters) },
        Field("airduct") {
            try merge(&$0, into: &$1.airduct, or: .init()) { try Airduct.fields.read(&$0, into: &$1) }
        },
    ])

    /// Reads a value into a part of the message, which its first key creates.
    private static func merge<Part>(
        _ reader: inout FieldReader, into part: inout Part?, or new: @autoclosure () -> Part,
        _ read: (inout FieldReader, inout Part) throws -> Void
    ) throws {
        var found = part ?? new()
        part = nil
        try read(&reader, &found)
        part = found
    }

    /// Reads the section.
    ///
    /// - Returns: whether it is an object.
    mutating func read(_ reader: inout FieldReader) throws -> Bool {
        guard let count = try Self.fields.read(&reader, into: &self) else { return false }
        fieldCount += count
        return true
    }

    /// Reads one of the keys that some firmware writes beside the section: `ams`, `wifi_signal`.
    mutating func read(as key: String, _ reader: inout FieldReader) throws {
        fieldCount += 1
        try Self.fields.read(as: key, &reader, into: &self)
    }

    /// Merges everything that waits for the end of the section.
    mutating func applyDeferred() throws {
        let isFull = isFull
        if let newerStage { state.job.stage = newerStage }
        if var ams {
            // Releases the other reference, so that the state is changed in place.
            self.ams = nil
            try ams.finish(isFull: isFull, after: state.ams)
            hasAMS = state.ams.replaceUnits(from: ams)
        }
        if let externals { try state.ams.externals.merge(externals, isFull: isFull) }
        if state.ams.update(isEstimating: state.hardware.isEstimating ?? true) { hasAMS = true }
        if let airduct { state.fans.airduct.merge(airduct, isFull: isFull) }
        if let rack { state.toolhead.merge(rack, isFull: isFull) }
        state.toolhead.apply(nozzle)
    }
}
