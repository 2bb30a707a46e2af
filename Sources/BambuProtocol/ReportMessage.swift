import JSONScanning

/// The type of one message on a printer's report topic, and its contents other than the report.
struct ReportMessage {
    /// Whether it is a report. Its contents are in the section that it was read into.
    private(set) var isReport = false
    /// The modules of a version answer.
    private(set) var modules: [Firmware.Module]?
    /// The event of the cloud's broker about the printer's own connection; `nil` if the message contains no event.
    private(set) var presence: CloudPresence?
    /// The number of fields that could not be used.
    private(set) var rejectedFields = 0
    /// Whether a part of the message has an unexpected shape.
    private(set) var isMisshapen = false

    private enum Section: String, CaseIterable {
        case print, info, event
        // Some firmware writes these beside `print` (bambuddy bambu_mqtt.py:1440-1496).
        case ams
        case signal = "wifi_signal"
    }

    private static let sections = KeyTable<Section>()

    /// Reads a message.
    ///
    /// - Parameter section: the report's contents are merged into it. Its state is valid only if the message is a
    ///   report.
    /// - Throws: `ScanError` if the message is not JSON. None of it is valid then.
    init(_ bytes: UnsafeRawBufferPointer, into section: inout PrintSection) throws {
        var reader = FieldReader(bytes)
        var hasState = false
        if try reader.scanner.peek() == .object {
            try reader.scanner.beginObject()
            while let key = try Self.sections.next(&reader.scanner) {
                switch key {
                case .print:
                    let before = reader.rejected
                    let isObject = try section.read(&reader)
                    if isObject { hasState = true } else { isMisshapen = true }
                    // Count the message, and not the field as well.
                    if !isObject { reader.restoreRejected(before) }
                case .ams, .signal:
                    hasState = true
                    try section.read(as: key.rawValue, &reader)
                case .info:
                    modules = try Self.readInfo(&reader) ?? modules
                case .event:
                    presence = try CloudPresence(&reader) ?? presence
                }
            }
        } else {
            try reader.scanner.skip()
            isMisshapen = true
        }
        try reader.scanner.end()
        // Fields that an acknowledgement echoes are not part of a report, and are not counted.
        guard section.isReport, !isMisshapen else { return }
        try section.applyDeferred()
        rejectedFields = reader.rejected
        isReport = hasState
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
        reader.restoreRejected(before)
        return nil
    }
}
