import JSONScanning

/// One message on a printer's report topic: what it is, and what it says beside its report.
struct Message {
    /// Whether it is a report; what it reports is in the section that it was read into.
    private(set) var isReport = false
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
    /// - Parameter section: what the message reports is added to it. Its state is to be used only if the message is a report.
    /// - Throws: `ScanError` where it is not JSON; nothing of it is to be used then.
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
                    // The message is counted then, and not the field as well.
                    if !isObject { reader.pardon(since: before) }
                case .ams, .signal:
                    hasState = true
                    try section.read(as: key.rawValue, &reader)
                case .info:
                    modules = try Self.readInfo(&reader) ?? modules
                case .event:
                    presence = try Presence(&reader) ?? presence
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
        reader.pardon(since: before)
        return nil
    }
}
