import JSONScanning

/// One AMS, AMS Lite, AMS 2 Pro or AMS HT. Wire: `ams.ams[]`. Source: Bambu Studio DevFilaSystem; ha-bambulab.
package struct AMSUnit: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case ams
        case lite = "ams_lite"
        case pro = "ams_2_pro"
        case ht = "ams_ht"

        /// Reads bits 0 to 3 of `info`; 5 is the AMS Lite of an A2L.
        init?(info: UInt64) {
            switch info & 0xF {
            case 1: self = .ams
            case 2, 5: self = .lite
            case 3: self = .pro
            case 4: self = .ht
            default: return nil
            }
        }

        /// The kind that the first part of a firmware module's name tells, as in `n3f/1`.
        init?(module: Substring) {
            switch module {
            case "ams": self = .ams
            case "ams_f1": self = .lite
            case "n3f": self = .pro
            case "n3s": self = .ht
            default: return nil
            }
        }
    }

    /// One place for a spool.
    package struct Slot: Sendable, Equatable {
        package var isPresent = false
        package var tray = Tray()
    }

    /// 0 to 3; 16 on an A2L; 128 to 135 for an AMS HT.
    package let id: Int
    /// Wire: `info`, a hexadecimal number: bits 0 to 3 the kind, 8 to 11 the extruder it feeds.
    private var info: UInt64?
    /// What everything but `info` says of the kind; see `learn`.
    private var guess: Kind?
    private var index: Int?
    private var raw: Int?
    private var celsius: Double?
    /// Minutes of drying that are left; 0 = not drying, `nil` = not said. Wire: `dry_time`.
    package private(set) var dryMinutes: Double?
    private var dryTarget: Double?
    /// Wire: `ams_id`; "" where the printer does not say it.
    package private(set) var serial = ""
    /// Four, or one on an AMS HT.
    package fileprivate(set) var slots: [Slot]

    init(id: Int) {
        self.id = id
        slots = [Slot](repeating: Slot(), count: Self.slotCount(ofUnit: id))
    }

    /// The ids that units have: others are dropped and counted.
    package static func isPlausible(id: Int) -> Bool {
        (0...3).contains(id) || id == 16 || (128...135).contains(id)
    }

    package static func slotCount(ofUnit id: Int) -> Int { id >= 128 ? 1 : 4 }

    /// From `info`; on firmware too old to send that, from what `learn` was told and from the shape of an AMS Lite, which
    /// has no sensors and says 5, "0" and "0.0" for ever. `nil` where nothing tells.
    package var kind: Kind? {
        if let kind = info.flatMap(Kind.init(info:)) { return kind }
        if id >= 128 { return .ht }
        return guess ?? (index == 5 && raw == 0 && celsius == 0 ? .lite : nil)
    }

    /// Takes in what the rest of the printer tells of the unit: its firmware module, or a model that takes only one kind.
    mutating func learn(_ kind: Kind?) {
        if guess != kind { guess = kind }
    }

    /// The nozzle that the unit feeds; `nil` where it is bound to none or the firmware is too old to tell.
    package var nozzle: Int? {
        guard let extruder = info.map({ Int($0 >> 8 & 0xF) }), extruder <= 1 else { return nil }
        return extruder
    }

    /// 1 wettest to 5 driest; 0 on the wire is not available (AMS HT on H2D, beside a good raw value), and the 5 of an AMS
    /// Lite is a constant.
    package var humidityIndex: Int? { kind == .lite || index == 0 ? nil : index }

    /// Relative humidity, 1 to 100 %; 0 on the wire is none.
    package var humidityRaw: Double? { raw == 0 ? nil : raw.map(Double.init) }

    /// °C; 0.0 on the wire without a relative humidity beside it is no sensor, or one that old firmware does not read.
    package var temperature: Double? { celsius == 0 && (raw ?? 0) == 0 ? nil : celsius }

    /// °C that drying regulates to, while it does.
    package var dryingTarget: Double? { (dryMinutes ?? 0) > 0 ? dryTarget : nil }

    /// Whether `remain` means something: an AMS Lite that says 0, 100 or -1 everywhere does not track it.
    package var isTracking: Bool {
        kind != .lite || slots.contains { $0.isPresent && ($0.tray.remaining.map { (1...99).contains($0) } ?? false) }
    }

    /// A unit, and what one message says of it.
    struct Update {
        var unit: AMSUnit
        /// Bit by bit, the slots of which it speaks; `nil` where it has no list of them.
        var mentionedSlots: UInt8?

        init(_ unit: AMSUnit) {
            self.unit = unit
        }
    }

    static let fields = FieldTable<Update>([
        Field("info") { try $0.hexadecimal(into: &$1.unit.info) },
        Field("humidity") { try $0.integer(in: 0...5, into: &$1.unit.index) },
        Field("humidity_raw") { try $0.integer(in: 0...100, into: &$1.unit.raw) },
        Field("temp") { try $0.number(in: -20...100, into: &$1.unit.celsius) },
        Field("dry_time") { try $0.number(in: 0...100_000, into: &$1.unit.dryMinutes) },
        Field("dry_setting") { try settingFields.read(&$0, into: &$1.unit) },
        Field("dry_settings") { try settingFields.read(&$0, into: &$1.unit) },
        Field("ams_id") { try $0.text(into: &$1.unit.serial) },
        Field("tray") { try $1.readTrays(&$0) },
    ])

    private static let settingFields = FieldTable<AMSUnit>([
        Field("dry_temperature") { reader, unit in
            // -1 is none.
            try reader.number(in: -1...150, into: &unit.dryTarget)
            if let target = unit.dryTarget, target <= 0 { unit.dryTarget = nil }
        }
    ])

    /// Merges one element of `ams.ams` into the unit; keys that it does not have keep their values.
    ///
    /// - Returns: bit by bit, the slots of which it speaks; `nil` where it has no list of them.
    mutating func merge(_ reader: inout FieldReader) throws -> UInt8? {
        var update = Update(self)
        try Self.fields.read(&reader, into: &update)
        self = update.unit
        return update.mentionedSlots
    }

    /// Empties the slots that a full report does not mention.
    mutating func keepSlots(_ mentioned: UInt8) {
        for slot in slots.indices where mentioned >> slot & 1 == 0 { slots[slot] = Slot() }
    }

    /// Takes in `tray_exist_bits`, which overrules what the trays seem to say. A slot that is empty forgets its spool: what
    /// comes into it next is another one until the printer says what it is.
    mutating func apply(trayBits: UInt64) {
        let first = id < 4 ? id * 4 : id == 16 ? 24 : 16 + id - 128
        for slot in slots.indices {
            if trayBits >> UInt64(first + slot) & 1 == 1 { slots[slot].isPresent = true } else { slots[slot] = Slot() }
        }
    }

    /// The bit of `ams_exist_bits` that stands for the unit.
    var existBit: UInt64 { id < 4 ? UInt64(id) : id == 16 ? 12 : UInt64(4 + id - 128) }
}

extension AMSUnit.Update {
    /// A tray replaces its slot.
    ///
    /// - Parameter read: reads one tray, in whatever shape it has.
    mutating func readTrays(
        _ reader: inout FieldReader, _ read: (inout FieldReader) throws -> Tray? = Tray.read
    ) throws {
        var mentioned = mentionedSlots ?? 0
        let isArray = try reader.array { reader in
            let before = reader.rejected
            guard let tray = try read(&reader) else { return }
            guard let id = tray.id, unit.slots.indices.contains(id) else { return reader.reject(unlessSince: before) }
            unit.slots[id] = AMSUnit.Slot(isPresent: tray.isSpoolSeen, tray: tray)
            mentioned |= 1 << id
        }
        if isArray { mentionedSlots = mentioned }
    }
}
