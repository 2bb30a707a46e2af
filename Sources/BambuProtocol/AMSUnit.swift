import JSONScanning

/// One AMS, AMS Lite, AMS 2 Pro or AMS HT, or a unit of a kind that is not known. Wire: `ams.ams[]`.
///
/// Source: Bambu Studio DevFilaSystem; ha-bambulab.
package struct AMSUnit: Sendable, Equatable {
    /// One place for a spool.
    package struct Slot: Sendable, Equatable {
        package var isPresent = false
        package var tray = Tray()
    }

    package let id: UnitID
    /// Wire: `info`, a hexadecimal number: bits 0 to 3 the kind, 4 to 7 the state of drying, 8 to 11 the extruder it feeds.
    private var info: UInt64?
    /// What everything but `info` says of the kind; see `learn`.
    private var guess: Kind?
    private var index: Int?
    private var raw: Int?
    private var celsius: Double?
    package internal(set) var drying = Drying()
    /// Wire: `ams_id`; "" where the printer does not say it.
    package private(set) var serial = ""
    /// As many as the id has, or as the wire mentions where the kind or the id is not known.
    package internal(set) var slots: [Slot]
    /// Whether the printer estimates what remains on spools; a setting of the whole printer.
    var isEstimating = true

    /// Whether the printer's model is known.
    private var isOfKnownModel: Bool

    init(id: UnitID, isOfKnownModel: Bool = true) {
        self.id = id
        self.isOfKnownModel = isOfKnownModel
        slots = [Slot](repeating: Slot(), count: id.slotCount)
    }

    /// From `info`; on firmware too old to send that, from what `learn` was told and from the shape of an AMS Lite, which
    /// has no sensors and says 5, "0" and "0.0" for ever. `nil` where nothing tells.
    package var kind: Kind? {
        if let kind = info.flatMap(Kind.init(info:)) { return kind }
        if isOfUnknownKind { return nil }
        if id.isHT { return .ht }
        return guess ?? (index == 5 && raw == 0 && celsius == 0 ? .lite : nil)
    }

    /// Whether the unit names a kind that this program does not know; 0 names none.
    private var isOfUnknownKind: Bool {
        info.map { $0 & 0xF != 0 && Kind(info: $0) == nil } ?? false
    }

    /// The slots that the unit can have. A kind that nothing tells is an older one, unless the printer's model is new.
    var slotLimit: Int {
        let isKnown = kind != nil || isOfKnownModel && !isOfUnknownKind
        return id.isListed && isKnown ? id.slotCount : UnitID.slotLimit
    }

    /// Takes in what the rest of the printer tells of the unit: its firmware module, or a model that takes only one kind.
    mutating func learn(_ kind: Kind?) {
        guard guess != kind else { return }
        guess = kind
        limitSlots()
    }

    /// Takes in whether the printer's model is known.
    mutating func learn(isOfKnownModel: Bool) {
        self.isOfKnownModel = isOfKnownModel
        limitSlots()
    }

    private mutating func limitSlots() {
        slots.removeLast(max(0, slots.count - slotLimit))
    }

    /// The nozzle that the unit feeds; `nil` where it is bound to none or the firmware is too old to tell.
    package var nozzle: Int? {
        // 14 is a unit that feeds whatever a track switch connects.
        guard let extruder = info.map({ Int($0 >> 8 & 0xF) }), extruder < 0xE else { return nil }
        return extruder
    }

    /// 1 wettest to 5 driest; 0 on the wire is not available (AMS HT on H2D, beside a good raw value), and the 5 of an AMS
    /// Lite is a constant.
    package var humidityIndex: Int? { kind == .lite || index == 0 ? nil : index }

    /// Relative humidity, 1 to 100 %; 0 on the wire is none.
    package var humidityRaw: Double? { raw == 0 ? nil : raw.map(Double.init) }

    /// °C; 0.0 on the wire without a relative humidity beside it is no sensor, or one that old firmware does not read.
    package var temperature: Double? { celsius == 0 && (raw ?? 0) == 0 ? nil : celsius }

    /// What the unit does about drying; absent for units that cannot, and on firmware that does not say.
    package var dryingState: Drying.State? {
        kind.map(\.canDry) ?? isOfUnknownKind ? info.flatMap(Drying.State.init(info:)) : nil
    }

    /// Whether `remain` means something: not while the printer does not estimate it, nor where an AMS Lite says 0, 100 or -1
    /// everywhere.
    package var isTracking: Bool {
        guard isEstimating else { return false }
        return kind != .lite
            || slots.contains { $0.isPresent && ($0.tray.remaining.map { (1...99).contains($0) } ?? false) }
    }

    /// In the order of the wire.
    static let fields = FieldTable<Update>(
        [
            // Looked for ahead of the others.
            Field(unread: "id"),
            Field("humidity") { try $0.integer(in: 0...5, into: &$1.unit.index) },
            Field("humidity_raw") { try $0.integer(in: 0...100, into: &$1.unit.raw) },
            Field("temp") { try $0.number(in: -20...100, into: &$1.unit.celsius) },
        ], Drying.fields,
        [
            Field("info") { try $0.hexadecimal(into: &$1.unit.info) },
            Field("tray") { try $1.readTrays(&$0) },
            Field("ams_id") { try $0.text(into: &$1.unit.serial) },
        ])

    /// Empties the slots that a full report does not mention.
    mutating func keepSlots(_ mentioned: UInt16) {
        for slot in slots.indices where mentioned >> slot & 1 == 0 { slots[slot] = Slot() }
    }

    /// Takes in `tray_exist_bits`, which overrules what the trays seem to say. A slot that is empty forgets its spool: what
    /// comes into it next is another one until the printer says what it is.
    mutating func apply(trayBits: UInt64) {
        guard let first = id.firstTrayBit else { return }
        for slot in slots.indices.prefix(id.slotCount) {
            if trayBits >> UInt64(first + slot) & 1 == 1 { slots[slot].isPresent = true } else { slots[slot] = Slot() }
        }
    }
}
