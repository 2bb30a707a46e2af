import JSONScanning

/// The nozzles of a printer, the nozzle in use, their filament sources, and the rack of further hotends.
///
/// Nozzle 0 is the only one or the right one; nozzle 1 is the left one. Source: Bambu Studio DevExtruderSystem.
package struct Toolhead: Sendable, Equatable {
    /// The plausible range of a nozzle in °C.
    static let range = -20.0...400.0

    package struct Nozzle: Sendable, Equatable {
        package let id: Int
        /// °C.
        package var temperature = Temperature()
        /// In mm, such as `0.4`; "" until it is known.
        package var diameter = ""
        /// `hardened_steel`, or a code such as `HS01`; "" until it is known.
        package var type = ""
        /// `nil` until the printer reports it; only machines with `device.extruder` report it by nozzle.
        package var source: FilamentSource?
        /// Wire: bit 1 of `device.extruder.info[].info`.
        fileprivate var hasFilament: Bool?
        /// Seconds of printing of the installed nozzle; 0 if the printer does not count them. Wire:
        /// `device.nozzle.info[].p_t`.
        var printSeconds: Double?
    }

    /// The nozzles, sorted by id; empty until a value of a nozzle is known.
    package private(set) var nozzles: [Nozzle] = []
    /// The nozzle in use as the printer reports it; `.some(nil)` during a switch.
    private var reportedActive: Int??
    /// The number of nozzles of the model; 1 if the model is not known.
    private var nozzleCount: Int
    /// Whether the printer has reported temperatures by extruder.
    private var hasExtruderTemperatures = false
    /// Whether the printer has reported `device.nozzle`.
    private var listsNozzles = false
    /// Wire: `hw_switch_state`, 0 or 1; other values mean that the state is not known.
    private var switchState: Int?
    package private(set) var rack = Rack()

    init(nozzleCount: Int = 1) {
        self.nozzleCount = nozzleCount
    }

    /// Nozzles beyond this number are dropped. The largest announced number is seven.
    private static let nozzleLimit = 16

    /// Whether there are several nozzles, by the model or by the printer's reports.
    package var hasSeveral: Bool { max(nozzleCount, nozzles.count) > 1 }

    /// Whether filament is at nozzle `id`; `nil` if the printer does not report it.
    package func isFilamentPresent(at id: Int) -> Bool? {
        let extruder = nozzles.first { $0.id == id }?.hasFilament
        guard !hasSeveral, let switchState else { return extruder }
        return switchState <= 1 ? switchState == 1 : extruder
    }

    /// The hotends of a machine with a rack, mounted or not, by their place in the rack.
    package var hotends: [Rack.Hotend] {
        rack.hotends(mounted: nozzles.first { $0.id == 0 })
    }

    /// The nozzle in use; `nil` during a switch, and if there are several and the printer has not reported which one is
    /// in use.
    private var active: Int? {
        hasSeveral ? reportedActive ?? nil : reportedActive ?? 0
    }

    /// Whether nozzle `id` is in use; `nil` if there are several and the printer has not reported which one is in use.
    package func isActive(_ id: Int) -> Bool? {
        hasSeveral && reportedActive == nil ? nil : active == id
    }

    /// Stores the model's number of nozzles.
    ///
    /// If there are several, values that flat fields reported for the only nozzle are dropped, because flat fields do
    /// not contain the nozzle that they belong to.
    mutating func update(nozzleCount: Int) {
        let hadSeveral = hasSeveral
        self.nozzleCount = nozzleCount
        if hasSeveral, !hadSeveral, reportedActive == nil { nozzles = [] }
    }

    /// The source of filament for the nozzle in use; `nil` if the printer does not report it by extruder.
    package var activeSource: FilamentSource? {
        nozzles.first { $0.id == active }?.source
    }

    private mutating func update(_ id: Int, _ change: (inout Nozzle) -> Void) {
        if !nozzles.contains(where: { $0.id == id }) {
            nozzles.append(Nozzle(id: id))
            nozzles.sort { $0.id < $1.id }
        }
        for index in nozzles.indices where nozzles[index].id == id { change(&nozzles[index]) }
    }

    /// The flat fields of one report, which belong to the nozzle in use.
    struct Flat {
        var measured: FieldReader.Reading<Double> = .nothing
        var target: FieldReader.Reading<Double> = .nothing
        var diameter: String?
        var type: String?
    }

    /// Merges the flat fields, of which the printer's reports by nozzle take precedence.
    ///
    /// With several nozzles, the flat temperatures are not always those of the nozzle in use: an H2D whose right nozzle
    /// had 264 °C reported 40 °C. With one nozzle, they are more precise than those of its extruder.
    mutating func apply(_ flat: Flat) {
        // A laser reports 0 for a nozzle that it does not have.
        guard nozzleCount > 0 else { return }
        guard !hasSeveral else {
            // A flat diameter or type does not contain its nozzle. `device.nozzle` has both for each nozzle.
            if let active, !hasExtruderTemperatures { update(active, with: flat) }
            return
        }
        update(active ?? 0, with: flat)
        let isListed = listsNozzles
        if let diameter = flat.diameter { update(0) { if !isListed || $0.diameter.isEmpty { $0.diameter = diameter } } }
        if let type = flat.type { update(0) { if !isListed || $0.type.isEmpty { $0.type = type } } }
    }

    /// Merges the temperatures of the flat fields.
    private mutating func update(_ id: Int, with flat: Flat) {
        if case .nothing = flat.measured, case .nothing = flat.target { return }
        update(id) {
            flat.measured.store(in: &$0.temperature.measured)
            flat.target.store(in: &$0.temperature.target)
        }
    }

    static let fields: [Field<PrintSection>] = [
        Field("nozzle_temper") { $1.nozzle.measured = try $0.number(in: range) },
        Field("nozzle_target_temper") { $1.nozzle.target = try $0.number(in: range) },
        Field("nozzle_diameter") { try text(&$0, into: &$1.nozzle.diameter) },
        Field("nozzle_type") { try text(&$0, into: &$1.nozzle.type) },
        Field("hw_switch_state") { try $0.integer(in: 0...255, into: &$1.state.toolhead.switchState) },
    ]

    /// Reads a text, of which "N/A" means that it is absent. A number such as 0.4000000059604645 becomes 0.4.
    static func text(_ reader: inout FieldReader, into target: inout String?) throws {
        guard try reader.scanner.peek() != .number else {
            if case .value(let number) = try reader.number(in: -1e15...1e15) { target = diameter(number) }
            return
        }
        var found: String?
        try reader.text(into: &found)
        guard let found else { return }
        if found == "N/A" {
            target = ""
        } else if let first = found.utf8.first, first < UInt8(ascii: "A"), let number = Double(found) {
            target = diameter(number)
        } else {
            target = found
        }
    }

    /// Returns the usual sizes as constants, without formatting them.
    private static func diameter(_ number: Double) -> String {
        guard (0.01...10).contains(number) else { return "" }
        let hundredths = (number * 100).rounded()
        switch hundredths {
        case 20: return "0.2"
        case 40: return "0.4"
        case 60: return "0.6"
        case 80: return "0.8"
        default: return "\(hundredths / 100)"
        }
    }

    /// The fields of `device.extruder`.
    static let extruderFields = FieldTable<PrintSection>([
        Field("info") { reader, section in
            try reader.array { reader in
                try readExtruder(&reader, into: &section.state.toolhead)
            }
        },
        Field("state") { reader, section in
            var bits: UInt32?
            try reader.bits(into: &bits)
            // Bits 4 to 7 are the extruder in use, or 15 during a switch. Bits 8 to 11 are the target.
            guard let current = bits.map({ Int($0 >> 4 & 0xF) }) else { return }
            section.state.toolhead.reportedActive = .some(current < nozzleLimit - 1 ? current : nil)
        },
    ])

    /// One element of `device.extruder.info`.
    private struct Extruder {
        var id: Int?
        var temperature: Temperature?
        var source: FilamentSource?
        var bits: UInt32?
    }

    private static let elementFields = FieldTable<Extruder>([
        Field("id") { try $0.integer(in: 0...nozzleLimit - 1, into: &$1.id) },
        Field("info") { try $0.bits(into: &$1.bits) },
        Field("temp") { reader, extruder in
            var temperature: Temperature?
            try Temperature.packed(&reader, in: range, into: &temperature)
            extruder.temperature = temperature
        },
        Field("snow") { reader, extruder in
            var packed: Int?
            try reader.integer(in: 0...0xFFFF, into: &packed)
            guard let packed else { return }
            extruder.source = FilamentSource(packed: packed)
            if extruder.source == nil { reader.reject() }
        },
    ])

    private static func readExtruder(_ reader: inout FieldReader, into toolhead: inout Toolhead) throws {
        var extruder = Extruder()
        guard try elementFields.read(&reader, into: &extruder) != nil, let id = extruder.id else { return }
        if extruder.temperature != nil { toolhead.hasExtruderTemperatures = true }
        toolhead.update(id) { nozzle in
            if let temperature = extruder.temperature { nozzle.temperature = temperature }
            nozzle.source = extruder.source ?? nozzle.source
            if let bits = extruder.bits { nozzle.hasFilament = bits >> 1 & 1 == 1 }
        }
    }

    /// Merges `device.nozzle`: its nozzles here, its rack by `Rack.merge`.
    mutating func merge(_ delta: Rack.Delta, isFull: Bool) {
        if !delta.nozzles.isEmpty { listsNozzles = true }
        for nozzle in delta.nozzles {
            guard let id = nozzle.id else { continue }
            update(id) {
                $0.diameter = nozzle.diameter ?? $0.diameter
                $0.type = nozzle.type ?? $0.type
                $0.printSeconds = nozzle.printSeconds ?? $0.printSeconds
            }
        }
        rack.merge(delta, isFull: isFull)
    }
}
