import JSONScanning

/// One message on a printer's report topic, read against the state that it adds to.
struct Message {
    /// The state with the message in it; `nil` where the message is no report.
    private(set) var state: PrinterState?
    /// Whether the report tells everything, so that what it leaves out is not there.
    private(set) var isFull = false
    /// Whether the report says anything new of AMS units.
    private(set) var hasAMS = false
    /// How far the report says that the job is.
    private(set) var course = Course.News()
    /// Whether the report names the job.
    private(set) var namesJob = false
    /// The report's running number, on the models that count; `nil` elsewhere.
    private(set) var sequence: Int?
    /// The modules of a version answer.
    private(set) var modules: [Firmware.Module]?
    /// What the cloud's broker says of the printer's own connection to it; `nil` where it says nothing.
    private(set) var presence: Presence?
    /// Fields that could not be used.
    private(set) var rejectedFields = 0
    /// Whether something has another shape than such a message has.
    private(set) var isMisshapen = false

    private enum Section: String, CaseIterable {
        case print, info, event
        // Some firmwares write these beside `print` (bambuddy bambu_mqtt.py:1440-1496).
        case ams
        case signal = "wifi_signal"
    }

    private static let sections = KeyTable<Section>()

    /// Reads a message.
    ///
    /// - Throws: `ScanError` where it is not JSON; nothing of it is to be used then.
    init(_ bytes: UnsafeRawBufferPointer, after state: PrinterState) throws {
        var reader = FieldReader(bytes)
        var section = PrintSection(state)
        var hasState = false
        if try reader.scanner.peek() == .object {
            try reader.scanner.beginObject()
            while let key = try reader.scanner.nextKey() {
                switch Self.sections(key) {
                case .print:
                    let before = reader.rejected
                    let isObject = try reader.object { reader, key in
                        try section.read(key, &reader)
                    }
                    if isObject { hasState = true } else { isMisshapen = true }
                    // The message is counted then, and not the field as well.
                    if !isObject { reader.pardon(since: before) }
                case .ams, .signal:
                    hasState = true
                    try section.read(key, &reader)
                case .info:
                    modules = try Self.readInfo(&reader) ?? modules
                case .event:
                    presence = try Presence(&reader) ?? presence
                case nil:
                    try reader.scanner.skip()
                }
            }
        } else {
            try reader.scanner.skip()
            isMisshapen = true
        }
        try reader.scanner.end()
        // What an acknowledgement echoes is no field of a report, however odd: it is not counted either.
        guard section.isReport, !isMisshapen else { return }
        try section.settle()
        rejectedFields = reader.rejected
        guard hasState else { return }
        self.state = section.state
        isFull = section.isFull
        hasAMS = section.hasAMS
        course = section.course
        namesJob = section.namesJob
        sequence = section.sequence
    }

    /// Reads the answer to `get_version`; `nil` for any other `info`.
    private static func readInfo(_ reader: inout FieldReader) throws -> [Firmware.Module]? {
        var command: String?
        var modules: [Firmware.Module]?
        let before = reader.rejected
        try reader.object { reader, key in
            if key.equals("command") {
                try reader.text(into: &command)
            } else if key.equals("module") {
                modules = try Firmware.read(&reader)
            } else {
                try reader.scanner.skip()
            }
        }
        if command == "get_version" { return modules }
        reader.pardon(since: before)
        return nil
    }
}
