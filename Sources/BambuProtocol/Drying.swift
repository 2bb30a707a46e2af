import JSONScanning

/// The drying of an AMS unit, and the reasons why it does not start.
///
/// Wire: `dry_time`, `dry_setting`, `dry_sf_reason` and bits 4 to 7 of `info`. Source: Bambu Studio DevFilaSystem.
package struct Drying: Sendable, Equatable {
    /// In the order of the numbers on the wire.
    package enum State: String, CaseIterable, Sendable {
        case off, checking, drying, cooling, stopping, error
        /// The heater does not stop.
        case thermalRunaway = "thermal_runaway"
        case factoryTest = "factory_test"

        init?(info: UInt64) {
            let number = Int(info >> 4 & 0xF)
            guard Self.allCases.indices.contains(number) else { return nil }
            self = Self.allCases[number]
        }
    }

    /// Minutes left; 0 = not drying, `nil` = not reported. Wire: `dry_time`.
    package private(set) var minutes: Double?
    /// °C. Wire: `dry_setting.dry_temperature`; -1 means that the printer has no value.
    private var wanted: Double?
    /// Numbers from the wire, sorted and without duplicates; `nil` if the firmware does not report them.
    private var refusals: [Int]?

    /// The target temperature in °C; `nil` if the unit is not drying.
    package var target: Double? { (minutes ?? 0) > 0 ? wanted : nil }

    /// The names of the reasons why drying cannot start now; empty if it can.
    package var blockedReasons: [String] {
        (refusals ?? []).map { Self.reasons.indices.contains($0) ? Self.reasons[$0] : "reason_\($0)" }
    }

    /// The names, indexed by the number on the wire. Source: Bambu Studio DevFilaSystem; open-bamboo-networking.
    private static let reasons = [
        "printer_busy", "too_many_units_drying", "ams_busy", "filament_at_outlet", "starting", "laser_or_cutter_mode",
        "already_drying", "firmware_update", "power_adapter_missing", "reason_9", "filament_stuck_at_outlet",
    ]

    /// More reasons than any unit reports at once. Further ones are dropped and counted.
    private static let refusalLimit = 16

    static let fields: [Field<AMSUnit.Delta>] = [
        Field("dry_time") { try $0.number(in: 0...100_000, into: &$1.unit.drying.minutes) },
        Field("dry_setting") { try settingFields.read(&$0, into: &$1.unit.drying) },
        Field("dry_settings") { try settingFields.read(&$0, into: &$1.unit.drying) },
        Field("dry_sf_reason") { try $1.unit.drying.readRefusals(&$0) },
    ]

    private static let settingFields = FieldTable<Drying>([
        Field("dry_temperature") { reader, drying in
            try reader.number(in: -1...150, into: &drying.wanted)
            if let wanted = drying.wanted, wanted <= 0 { drying.wanted = nil }
        }
    ])

    private mutating func readRefusals(_ reader: inout FieldReader) throws {
        var found: [Int] = []
        let isArray = try reader.array { reader in
            var number: Int?
            try reader.integer(in: 0...255, into: &number)
            guard let number, !found.contains(number) else { return }
            guard found.count < Self.refusalLimit else { return reader.reject() }
            found.append(number)
        }
        if isArray { refusals = found.sorted() }
    }
}
