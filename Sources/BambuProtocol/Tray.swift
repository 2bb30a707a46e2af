import JSONScanning

/// A spool and its filament, in a slot of an AMS unit or outside of one.
///
/// Wire: `ams.ams[].tray[]`, `vt_tray`, `vir_slot[]`. In a full report a tray object replaces what was known; in a partial
/// one it adds to that. Source: Bambu Studio DevFilaSystem; ha-bambulab; openspoolman logs.
package struct Tray: Sendable, Equatable {
    /// The slot, or 254 or 255 of an external spool.
    var id: Int?
    private var state: Int?
    /// The material, such as `PETG`; "" where it is not set. Wire: `tray_type`.
    package var type = ""
    /// `tray_sub_brands`, or else `tray_id_name`.
    package var name: String { brand.isEmpty ? idName : brand }
    private var brand = ""
    private var idName = ""
    /// Wire: `tray_info_idx`, such as `GFA00`.
    package var profile = ""
    private var wireColor = ""
    /// g of filament on a full spool; `nil` where it is unknown. Wire: `tray_weight`, "0" is unknown.
    package private(set) var grams: Double?
    /// °C. Wire: `nozzle_temp_min`, "0" is none.
    package private(set) var nozzleMinimum: Double?
    package private(set) var nozzleMaximum: Double?
    /// 0 to 100 % as the wire has it, before it is known whether the unit tracks it.
    package private(set) var remaining: Double?
    private var remainWire: Int?
    /// g left on the spool; negative = not given. Wire: `remain_g`.
    private var remainGrams: Double?
    /// mm on a full spool.
    private var length: Int?
    /// What stands for `tag_uid` and `tray_uuid`, of which nothing counts but whether they change.
    private var tag: UInt64 = 0
    private var uuid: UInt64 = 0
    /// Keys on the wire other than `state`.
    private var fieldCount = 0

    init() {}

    /// `RRGGBB` in capitals; "" where the colour is not set, which the wire writes `00000000`.
    package var color: String {
        guard wireColor.utf8.count == 8, wireColor != "00000000" else { return "" }
        return String(decoding: wireColor.utf8.prefix(6), as: UTF8.self).uppercased()
    }

    /// g left on the spool; `nil` where nothing tells. What the printer says itself comes first.
    ///
    /// Printers count in percent of the 330 m of a spool of 1 kg, on smaller spools too; of larger ones it is the nominal
    /// weight. Source: ha-bambulab #1547; bambulab-ams-spoolman #41.
    package var remainingGrams: Double? {
        guard let remaining else { return nil }
        if let remainGrams, remainGrams >= 0 { return remainGrams }
        return grams.map { remaining / 100 * max($0, 1000) }
    }

    /// Whether the spool has an RFID tag, which is what printers estimate from.
    private var isTagged: Bool { tag != 0 || uuid != 0 }

    /// Whether it is known what this spool is.
    package var isSet: Bool { !type.isEmpty || !profile.isEmpty }

    /// What tells one spool from the next: its RFID tag and how it is described.
    var spool: Spool {
        Spool(uuid: uuid, tag: tag, type: type, name: name, profile: profile, color: wireColor, grams: grams)
    }

    /// Whether that is the spool.
    func isOf(_ spool: Spool) -> Bool {
        uuid == spool.uuid && tag == spool.tag && grams == spool.grams && type == spool.type && profile == spool.profile
            && wireColor == spool.color && (brand.isEmpty ? idName : brand) == spool.name
    }

    struct Spool: Sendable, Equatable {
        let uuid: UInt64, tag: UInt64, type: String, name: String, profile: String, color: String
        let grams: Double?

        var isTagged: Bool { uuid != 0 || tag != 0 }
    }

    /// Whether the object has more than an `id`, so that it says something of a spool.
    var isTelling: Bool { fieldCount > 1 || state != nil }

    /// Whether a spool is in the slot, judged by the tray object alone.
    ///
    /// Below 8 the state is the old one: 1 to 3 a spool, anything else none. From 8 on it is a set of bits, of which the
    /// lowest is the spool: 11 and 9 loaded; 8, 10 and 26 empty, though 10 may still carry the profile of the spool that
    /// was there. Without a state, only a bare `{"id":"1"}` is empty.
    var isSpoolSeen: Bool {
        guard let state else { return fieldCount > 1 }
        return state >= 8 ? state & 1 == 1 : (1...3).contains(state)
    }

    /// In the order of the wire.
    static let fields = FieldTable<Tray>([
        Field("id") { try $0.integer(in: 0...255, into: &$1.id) },
        Field("state") { reader, tray in
            // An `id` and a `state` alone tell that the slot is empty or full, and nothing of a spool.
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

    /// Reads one tray object; `nil` where the value is none.
    static func read(_ reader: inout FieldReader) throws -> Tray? {
        var tray = Tray()
        return try tray.merge(&reader) ? tray : nil
    }

    /// Adds what one tray object says, and keeps what it leaves out. Returns whether the value was an object.
    @discardableResult
    mutating func merge(_ reader: inout FieldReader, _ fields: FieldTable<Tray> = Tray.fields) throws -> Bool {
        fieldCount = 0
        guard let count = try fields.read(&reader, into: &self) else { return false }
        fieldCount += count
        convertRemaining(&reader)
        return true
    }

    /// -1 is unknown, 0 to 100 percent, and what is above, up to the length of the spool, millimetres. Below 0 a tagged spool
    /// is empty; of another one nothing is known (bambuddy #1820).
    private mutating func convertRemaining(_ reader: inout FieldReader) {
        switch remainWire {
        case .none, -1: remaining = nil
        case .some(let percent) where percent < 0: remaining = isTagged ? 0 : nil
        case .some(let percent) where percent <= 100: remaining = Double(percent)
        case .some(let millimetres):
            remaining = nil
            guard let length, millimetres <= length else { return reader.reject() }
            remaining = Double(millimetres) * 100 / Double(length)
        }
    }
}
