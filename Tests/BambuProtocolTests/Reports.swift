import Testing

@testable import BambuProtocol

extension Printer {
    /// Creates a printer that received these messages, a second apart.
    init(serial: String = "00M00A000000000", _ messages: String...) {
        self.init(serial: serial)
        for message in messages { apply(message) }
    }

    /// Applies a message, a second after the last one.
    @discardableResult
    mutating func apply(_ message: String, at time: Double? = nil) -> MessageOutcome {
        let time = time ?? 1_700_000_000 + Double(messages)
        return Array(message.utf8).withUnsafeBytes { apply($0, at: time) }
    }

    /// Applies a partial report with these members of `print`.
    @discardableResult
    mutating func report(_ members: String, at time: Double? = nil) -> MessageOutcome {
        apply(Report.delta(members), at: time)
    }

    var job: Job { state?.job ?? Job() }
    var ams: AMS { state?.ams ?? AMS() }
    var toolhead: Toolhead { state?.toolhead ?? Toolhead() }
    var hardware: Hardware { state?.hardware ?? Hardware() }
    var heaters: Heaters { state?.heaters ?? Heaters() }
    var bed: Temperature { heaters.bed(of: model) }
    var isStoragePresent: Bool? { hardware.storage.map { $0 != .absent } }

    /// The source of filament for the nozzle in use.
    var source: FilamentSource? { state?.activeSource(on: model) }
}

/// Builds messages.
enum Report {
    /// A partial report.
    static func delta(_ members: String) -> String {
        #"{"print":{"command":"push_status","msg":1,\#(members)}}"#
    }

    /// A full report.
    static func full(_ members: String) -> String {
        #"{"print":{"command":"push_status","msg":0,\#(members)}}"#
    }

    /// The members of an AMS unit's filled slot.
    static func tray(_ id: Int, _ more: String = "") -> String {
        #"{"id":"\#(id)","tray_type":"PLA","tray_color":"112233FF"\#(more.isEmpty ? "" : "," + more)}"#
    }

    /// A unit in the list of AMS units.
    static func unit(_ id: Int, _ trays: String..., more: String = "") -> String {
        #"{"id":"\#(id)",\#(more.isEmpty ? "" : more + ",")"tray":[\#(trays.joined(separator: ","))]}"#
    }

    /// A version answer.
    static func version(_ modules: String...) -> String {
        #"{"info":{"command":"get_version","sequence_id":"0","module":[\#(modules.joined(separator: ","))]}}"#
    }

    static func module(_ name: String, _ software: String = "01.00.00.00", more: String = "") -> String {
        #"{"name":"\#(name)","sw_ver":"\#(software)"\#(more.isEmpty ? "" : "," + more)}"#
    }
}
