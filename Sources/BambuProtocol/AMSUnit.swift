import JSONScanning

/// One AMS, AMS Lite, AMS 2 Pro or AMS HT, or a unit of an unknown kind. Wire: `ams.ams[]`.
///
/// Source: Bambu Studio DevFilaSystem; ha-bambulab.
package struct AMSUnit: Sendable, Equatable {
    /// A place for one spool.
    package struct Slot: Sendable, Equatable {
        package var isPresent = false
        package var tray = Tray()
    }

    package let id: UnitID
    /// Wire: `info`, a hexadecimal number. Bits 0 to 3 are the kind, 4 to 7 the drying state, 8 to 11 the extruder that
    /// the unit feeds.
    private var info: UInt64?
    /// The kind by everything but `info`; see `setInferredKind`.
    private var inferredKind: Kind?
    private var index: Int?
    private var raw: Int?
    private var celsius: Double?
    package internal(set) var drying = Drying()
    /// The serial number. Wire: `ams_id`; "" if the printer does not report it.
    package private(set) var serial = ""
    /// The slots: as many as the id has, or as many as the wire lists if the kind or the id is not known.
    package internal(set) var slots: [Slot]
    /// Whether the printer estimates what remains on spools. This is a setting of the whole printer.
    var isEstimating = true

    /// What the unit was read from, if reading the same again would change nothing.
    ///
    /// Printers that send full reports every second mostly repeat their units, which are most of such a report. The
    /// reader skips repeated units.
    var source: Source?

    /// The source of a unit in a full report that contained nothing odd.
    struct Source: Sendable, Equatable {
        let digest: ValueDigest
        /// The part of `tray_exist_bits` for this unit; `nil` if the report did not contain the bits.
        var trayBits: UInt64?
    }

    /// Whether the printer's model is known.
    private var isOfKnownModel: Bool

    init(id: UnitID, isOfKnownModel: Bool = true) {
        self.id = id
        self.isOfKnownModel = isOfKnownModel
        slots = [Slot](repeating: Slot(), count: id.slotCount)
    }

    /// The kind; `nil` if it is not known.
    ///
    /// It comes from `info`. Older firmware does not send `info`: then it comes from `setInferredKind`, or from the constants of
    /// an AMS Lite, which has no sensors and always reports 5, "0" and "0.0".
    package var kind: Kind? {
        if let kind = info.flatMap(Kind.init(info:)) { return kind }
        if isOfUnknownKind { return nil }
        if id.isHT { return .ht }
        return inferredKind ?? (index == 5 && raw == 0 && celsius == 0 ? .lite : nil)
    }

    /// Whether `info` contains a kind that this program does not know; 0 means that it contains no kind.
    private var isOfUnknownKind: Bool {
        info.map { $0 & 0xF != 0 && Kind(info: $0) == nil } ?? false
    }

    /// The maximum number of slots of the unit. A unit of no reported kind is an older one, unless the printer's model
    /// is new.
    var slotLimit: Int {
        let isKnown = kind != nil || isOfKnownModel && !isOfUnknownKind
        return id.isListed && isKnown ? id.slotCount : UnitID.slotLimit
    }

    /// Stores the kind that follows from the rest of the printer: from its firmware module, or from a model that
    /// supports only one kind.
    mutating func setInferredKind(_ kind: Kind?) {
        guard inferredKind != kind else { return }
        inferredKind = kind
        limitSlots()
    }

    /// Stores whether the printer's model is known.
    mutating func update(isOfKnownModel: Bool) {
        self.isOfKnownModel = isOfKnownModel
        limitSlots()
    }

    private mutating func limitSlots() {
        source = nil
        slots.removeLast(max(0, slots.count - slotLimit))
    }

    /// The nozzle that the unit feeds; `nil` if it is bound to no nozzle or the firmware does not report it.
    package var nozzle: Int? {
        // A unit with 14 feeds the nozzle that a track switch connects.
        guard let extruder = info.map({ Int($0 >> 8 & 0xF) }), extruder < 0xE else { return nil }
        return extruder
    }

    /// The humidity index, from 1 (wettest) to 5 (driest).
    ///
    /// 0 on the wire means that it is not available (AMS HT on H2D, beside a valid raw value). The 5 of an AMS Lite is
    /// a constant.
    package var humidityIndex: Int? { kind == .lite || index == 0 ? nil : index }

    /// Relative humidity, 1 to 100 %; 0 on the wire means that it is absent.
    package var humidityRaw: Double? { raw == 0 ? nil : raw.map(Double.init) }

    /// °C. 0.0 on the wire without a relative humidity means that there is no sensor, or one that old firmware does not
    /// read.
    package var temperature: Double? { celsius == 0 && (raw ?? 0) == 0 ? nil : celsius }

    /// The drying state; absent if the unit cannot dry or the firmware does not report it.
    package var dryingState: Drying.State? {
        kind.map(\.canDry) ?? isOfUnknownKind ? info.flatMap(Drying.State.init(info:)) : nil
    }

    /// Whether `remain` is an estimate.
    ///
    /// It is not if the printer's estimate is switched off, or if an AMS Lite reports only 0, 100 or -1.
    package var isTracking: Bool {
        guard isEstimating else { return false }
        return kind != .lite
            || slots.contains { $0.isPresent && ($0.tray.remaining.map { (1...99).contains($0) } ?? false) }
    }

    /// In the order of the wire.
    static let fields = FieldTable<Delta>(
        [
            // `AMS.unitID` reads it ahead of the others.
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

    /// Applies the bits of the unit in `tray_exist_bits`, one for each slot, which override the trays.
    ///
    /// An empty slot forgets its spool: the next spool in it is a new one until the printer describes it.
    mutating func apply(trayBits: UInt64) {
        for slot in slots.indices.prefix(id.slotCount) {
            if trayBits >> UInt64(slot) & 1 == 1 { slots[slot].isPresent = true } else { slots[slot] = Slot() }
        }
    }
}
