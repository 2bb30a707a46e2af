import JSONScanning

/// The nozzles of a printer, which of them prints, and from where each is fed.
///
/// Nozzle 0 is the only one, or the right one; nozzle 1 the left one. Source: Bambu Studio DevExtruderSystem.
package struct Toolhead: Sendable, Equatable {
    /// What a nozzle can plausibly have, in °C.
    static let range = -20.0...400.0

    /// Which slot feeds a nozzle.
    package enum Feed: Sendable, Equatable {
        case none
        /// A slot of an AMS unit, by wire ids.
        case slot(unit: Int, slot: Int)
        /// An external spool: 254 or 255.
        case external(Int)

        /// Reads `snow` of an extruder: the unit in the high byte, the slot in the low one; 65535 is none.
        init?(packed value: Int) {
            let (unit, slot) = (value >> 8, value & 0xFF)
            switch value {
            case 0xFFFF: self = .none
            case 0xFE00...0xFFFE: self = .external(unit)
            case 0..<0xFE00 where AMSUnit.isPlausible(id: unit) && slot < AMSUnit.slotCount(ofUnit: unit):
                self = .slot(unit: unit, slot: slot)
            default: return nil
            }
        }
    }

    package struct Nozzle: Sendable, Equatable {
        /// 0 or 1.
        package let id: Int
        /// °C.
        package var temperature = Temperature()
        /// mm as text, such as `0.4`; "" until it is known.
        package var diameter = ""
        /// `hardened_steel`, or a code such as `HS01`; "" until it is known.
        package var type = ""
        /// `nil` until the printer said it; only machines with `device.extruder` say it by nozzle.
        package var feed: Feed?
    }

    /// By id; empty until something is known of a nozzle.
    package private(set) var nozzles: [Nozzle] = []
    /// The nozzle in use as the printer said; `.some(nil)` while it is being switched.
    private var reportedActive: Int??
    /// How many nozzles the model has; 1 also of one that is not known.
    private var nozzleCount: Int

    init(nozzleCount: Int = 1) {
        self.nozzleCount = nozzleCount
    }

    /// Whether there are two nozzles, by the model or by what the printer said of them.
    package var hasTwo: Bool { max(nozzleCount, nozzles.count) > 1 }

    /// The nozzle in use; `nil` while it is being switched, and where there are two and the printer did not say.
    private var active: Int? {
        hasTwo ? reportedActive ?? nil : reportedActive ?? 0
    }

    /// Whether nozzle `id` is the one in use; `nil` where there are two and the printer did not say.
    package func isActive(_ id: Int) -> Bool? {
        hasTwo && reportedActive == nil ? nil : active == id
    }

    /// Takes in how many nozzles the model has. What flat fields said before of the only nozzle is forgotten where there are
    /// two: nobody knows of which they spoke.
    mutating func learn(nozzleCount: Int) {
        let hadTwo = hasTwo
        self.nozzleCount = nozzleCount
        if hasTwo, !hadTwo, reportedActive == nil { nozzles = [] }
    }

    /// What feeds the nozzle in use, where the printer reports by extruder.
    package var activeFeed: Feed? {
        nozzles.first { $0.id == active }?.feed
    }

    private mutating func update(_ id: Int, _ change: (inout Nozzle) -> Void) {
        if !nozzles.contains(where: { $0.id == id }) {
            nozzles.append(Nozzle(id: id))
            nozzles.sort { $0.id < $1.id }
        }
        for index in nozzles.indices where nozzles[index].id == id { change(&nozzles[index]) }
    }

    private mutating func update(
        _ id: Int, _ part: WritableKeyPath<Temperature, Double?>, _ reading: FieldReader.Reading<Double>
    ) {
        if case .nothing = reading { return }
        update(id) { reading.store(in: &$0.temperature[keyPath: part]) }
    }

    /// The flat fields of one report, which speak of the nozzle in use.
    struct Flat {
        var measured: FieldReader.Reading<Double> = .nothing
        var target: FieldReader.Reading<Double> = .nothing
        var diameter: String?
        var type: String?
    }

    /// Takes in the flat fields, unless the same report spoke of every extruder.
    mutating func apply(_ flat: Flat, reportHadExtruders: Bool) {
        guard hasTwo else {
            update(active ?? 0, with: flat)
            if let diameter = flat.diameter { update(0) { $0.diameter = diameter } }
            if let type = flat.type { update(0) { $0.type = type } }
            return
        }
        // Of which nozzle a flat diameter or type is nobody knows; `device.nozzle` tells both.
        if let active, !reportHadExtruders { update(active, with: flat) }
    }

    /// Takes in the temperatures of the flat fields.
    private mutating func update(_ id: Int, with flat: Flat) {
        update(id, \.measured, flat.measured)
        update(id, \.target, flat.target)
    }

    static let fields: [Field<PrintSection>] = [
        Field("nozzle_temper") { $1.nozzle.measured = try $0.number(in: range) },
        Field("nozzle_target_temper") { $1.nozzle.target = try $0.number(in: range) },
        Field("nozzle_diameter") { try text(&$0, into: &$1.nozzle.diameter) },
        Field("nozzle_type") { try text(&$0, into: &$1.nozzle.type) },
    ]

    /// A text of which "N/A" is none, and a number such as 0.4000000059604645 the 0.4 that it stands for.
    private static func text(_ reader: inout FieldReader, into target: inout String?) throws {
        var found: String?
        try reader.textOrNumber(into: &found)
        guard let found else { return }
        if found == "N/A" {
            target = ""
        } else if let number = Double(found) {
            target = (0.01...10).contains(number) ? "\((number * 100).rounded() / 100)" : ""
        } else {
            target = found
        }
    }

    /// `device.extruder`.
    static let extruderFields = FieldTable<PrintSection>([
        Field("info") { reader, section in
            section.hadExtruders = true
            try reader.array { reader in
                try readExtruder(&reader, into: &section.state.toolhead)
            }
        },
        Field("state") { reader, section in
            var bits: UInt32?
            try reader.bits(into: &bits)
            // Bits 4 to 7 name the extruder in use; 15 while it is being switched. The target is in bits 8 to 11.
            guard let current = bits.map({ Int($0 >> 4 & 0xF) }) else { return }
            section.state.toolhead.reportedActive = .some(current <= 1 ? current : nil)
        },
    ])

    /// One element of `device.extruder.info`.
    private struct Extruder {
        var id: Int?
        var temperature: Temperature?
        var feed: Feed?
    }

    private static let elementFields = FieldTable<Extruder>([
        Field("id") { try $0.integer(in: 0...1, into: &$1.id) },
        Field("temp") { reader, extruder in
            var temperature: Temperature?
            try Temperature.packed(&reader, in: range, into: &temperature)
            extruder.temperature = temperature
        },
        Field("snow") { reader, extruder in
            var packed: Int?
            try reader.integer(in: 0...0xFFFF, into: &packed)
            guard let packed else { return }
            extruder.feed = Feed(packed: packed)
            if extruder.feed == nil { reader.reject() }
        },
    ])

    private static func readExtruder(_ reader: inout FieldReader, into toolhead: inout Toolhead) throws {
        var extruder = Extruder()
        guard try elementFields.read(&reader, into: &extruder), let id = extruder.id else { return }
        toolhead.update(id) { nozzle in
            if let temperature = extruder.temperature { nozzle.temperature = temperature }
            nozzle.feed = extruder.feed ?? nozzle.feed
        }
    }

    /// `device.nozzle`. X1C 01.09 has a number as its `info`; what it means is not known, and it is not counted.
    static let nozzleFields = FieldTable<Toolhead>([
        Field("info") { reader, toolhead in
            guard try reader.scanner.peek() != .number else { return try reader.scanner.skip() }
            try reader.array { reader in
                var hotend = Hotend()
                try hotendFields.read(&reader, into: &hotend)
                // Ids 16 to 21 are places of a rack, not nozzles.
                guard let id = hotend.id, id <= 1 else { return }
                toolhead.update(id) { nozzle in
                    nozzle.diameter = hotend.diameter ?? nozzle.diameter
                    nozzle.type = hotend.type ?? nozzle.type
                }
            }
        }
    ])

    /// One element of `device.nozzle.info`.
    private struct Hotend {
        var id: Int?
        var diameter: String?
        var type: String?
    }

    private static let hotendFields = FieldTable<Hotend>([
        Field("id") { try $0.integer(in: 0...255, into: &$1.id) },
        Field("diameter") { try text(&$0, into: &$1.diameter) },
        Field("type") { try text(&$0, into: &$1.type) },
    ])
}
