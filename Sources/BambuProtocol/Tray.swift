import JSONScanning

/// A spool and its filament, in a slot of an AMS unit or outside of one.
///
/// In a full report, a tray object replaces the known values. In a partial report, it adds to them.
///
/// Wire: `ams.ams[].tray[]`, `vt_tray`, `vir_slot[]`. Source: Bambu Studio DevFilaSystem; ha-bambulab; openspoolman
/// logs.
package struct Tray: Sendable, Equatable {
    /// The slot, or 254 or 255 for an external spool.
    var id: Int?
    private var state: Int?
    /// The material, such as `PETG`; "" if it is not set. Wire: `tray_type`.
    package var type = ""
    /// The name. Wire: `tray_sub_brands`, or `tray_id_name` if that is empty.
    package var name: String { brand.isEmpty ? idName : brand }
    private var brand = ""
    private var idName = ""
    /// Wire: `tray_info_idx`, such as `GFA00`.
    package var profile = ""
    private var wireColor = ""
    /// Grams of filament on a full spool; `nil` if the weight is not known. Wire: `tray_weight`, "0" if not known.
    package private(set) var grams: Double?
    /// °C. Wire: `nozzle_temp_min`, "0" if absent.
    package private(set) var nozzleMinimum: Double?
    package private(set) var nozzleMaximum: Double?
    /// 0 to 100 % as on the wire, also if the unit does not track it.
    package private(set) var remaining: Double?
    private var remainWire: Int?
    /// Grams left on the spool; negative = absent. Wire: `remain_g`.
    private var remainGrams: Double?
    /// Millimetres on a full spool.
    private var length: Int?
    /// The fingerprints of `tag_uid` and `tray_uuid`, of which only changes matter.
    private var tag: UInt64 = 0
    private var uuid: UInt64 = 0
    /// The number of keys on the wire other than `state`.
    private var fieldCount = 0

    init() {}

    /// `RRGGBB` in capitals; "" if the colour is not set, which is `00000000` on the wire.
    package var color: String {
        guard wireColor.utf8.count == 8, wireColor != "00000000" else { return "" }
        return String(decoding: wireColor.utf8.prefix(6), as: UTF8.self).uppercased()
    }

    /// Grams left on the spool; `nil` if the amount is not known.
    ///
    /// A value that the printer reports itself takes precedence. Otherwise it follows from the percentage: for a spool
    /// of up to 1 kg, printers report percent of the 330 m of a 1 kg spool; for a larger one, percent of the nominal
    /// weight. Source: ha-bambulab #1547; bambulab-ams-spoolman #41.
    package var remainingGrams: Double? {
        guard let remaining else { return nil }
        if let remainGrams, isWeighed { return remainGrams }
        return grams.map { remaining / 100 * max($0, 1000) }
    }

    /// Whether the printer reports the grams itself.
    var isWeighed: Bool { remainGrams.map { $0 >= 0 } ?? false }

    /// Whether the spool has an RFID tag, which printers need for their estimate.
    private var isTagged: Bool { tag != 0 || uuid != 0 }

    /// Whether the material or the profile of the spool is known.
    package var isSet: Bool { !type.isEmpty || !profile.isEmpty }

    /// The RFID tag and the description that identify a spool.
    var spool: Spool {
        Spool(uuid: uuid, tag: spoolTag, type: type, name: name, profile: profile, color: wireColor, grams: grams)
    }

    /// Whether the tray contains the spool.
    func isOf(_ spool: Spool) -> Bool {
        uuid == spool.uuid && spoolTag == spool.tag && grams == spool.grams && type == spool.type
            && profile == spool.profile
            && wireColor == spool.color && (brand.isEmpty ? idName : brand) == spool.name
    }

    /// The tag, if it identifies the spool. A spool with an identifier has two tags, of which its position decides
    /// which one is read.
    private var spoolTag: UInt64 { uuid == 0 ? tag : 0 }

    struct Spool: Sendable, Equatable {
        let uuid: UInt64, tag: UInt64, type: String, name: String, profile: String, color: String
        let grams: Double?

        var isTagged: Bool { uuid != 0 || tag != 0 }
    }

    /// Whether the object has more than an `id`, so that it describes a slot.
    var isDescribed: Bool { fieldCount > 1 || state != nil }

    /// Whether a spool is in the slot, by the tray object alone.
    ///
    /// A state below 8 is the old form: 1 to 3 means a spool, other values no spool. From 8 on it is a set of bits, and
    /// the lowest bit means a spool: 11 and 9 are loaded; 8, 10 and 26 are empty, though 10 may still contain the
    /// profile of the spool before. Without a state, only a bare `{"id":"1"}` is empty.
    var isSpoolSeen: Bool {
        guard let state else { return fieldCount > 1 }
        return state >= 8 ? state & 1 == 1 : (1...3).contains(state)
    }

    /// In the order of the wire.
    static let fields = FieldTable<Tray>([
        Field("id") { try $0.integer(in: 0...255, into: &$1.id) },
        Field("state") { reader, tray in
            // An `id` and a `state` alone mean that the slot is empty or full, and do not describe a spool.
            tray.fieldCount -= 1
            try reader.integer(in: 0...255, into: &tray.state)
        },
        Field("remain") { try $0.integer(in: -1000...10_000_000, into: &$1.remainWire) },
        Field("remain_g") { try $0.number(in: -1000...20_000, into: &$1.remainGrams) },
        Field(unread: "k"),
        Field(unread: "n"),
        Field(unread: "cali_idx"),
        Field("total_len") { try $0.integer(in: 0...10_000_000, into: &$1.length) },
        Field("tag_uid") { try $0.fingerprint(into: &$1.tag) },
        Field("tray_id_name") { try $0.text(into: &$1.idName) },
        Field("tray_info_idx") { try $0.text(into: &$1.profile) },
        Field("tray_type") { try $0.text(into: &$1.type) },
        Field("tray_sub_brands") { try $0.text(into: &$1.brand) },
        Field("tray_color") { try $0.color(into: &$1.wireColor) },
        Field("tray_weight") { try $0.positive(in: 0...20_000, into: &$1.grams) },
        Field(unread: "tray_diameter"),
        Field(unread: "drying_temp"),
        Field(unread: "drying_time"),
        Field(unread: "bed_temp_type"),
        Field(unread: "bed_temp"),
        Field("nozzle_temp_max") { try $0.positive(in: 0...500, into: &$1.nozzleMaximum) },
        Field("nozzle_temp_min") { try $0.positive(in: 0...500, into: &$1.nozzleMinimum) },
        Field(unread: "xcam_info"),
        Field("tray_uuid") { try $0.fingerprint(into: &$1.uuid) },
        Field(unread: "ctype"),
        Field(unread: "cols"),
    ])

    /// Reads one tray object; `nil` if the value is not an object.
    static func read(_ reader: inout FieldReader) throws -> Tray? {
        var tray = Tray()
        return try tray.merge(&reader) ? tray : nil
    }

    /// Merges one tray object; keys that it leaves out keep their values.
    ///
    /// - Returns: whether the value was an object.
    @discardableResult
    mutating func merge(_ reader: inout FieldReader, _ fields: FieldTable<Tray> = Tray.fields) throws -> Bool {
        fieldCount = 0
        guard let count = try fields.read(&reader, into: &self) else { return false }
        fieldCount += count
        convertRemaining(&reader)
        return true
    }

    /// Converts `remain`: -1 is unknown, 0 to 100 is percent, and above that, up to the length of the spool, it is
    /// millimetres.
    ///
    /// Below -1 a tagged spool is empty (bambuddy #1820). Printers do not know what is left on a spool without a tag, for
    /// which older firmware sends 0.
    private mutating func convertRemaining(_ reader: inout FieldReader) {
        switch remainWire {
        case .none, -1: remaining = nil
        case .some(let percent) where percent <= 0: remaining = isTagged ? 0 : nil
        case .some(let percent) where percent <= 100: remaining = Double(percent)
        case .some(let millimetres):
            remaining = nil
            guard let length, millimetres <= length else { return reader.reject() }
            remaining = Double(millimetres) * 100 / Double(length)
        }
    }
}
