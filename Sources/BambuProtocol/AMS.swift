import JSONScanning

/// All AMS units of a printer and its external spools. Wire: `ams`, `vt_tray`, `vir_slot`.
package struct AMS: Sendable, Equatable {
    /// Four of a kind and eight AMS HT are the most a printer takes (H2).
    static let unitLimit = 12

    /// By id.
    package internal(set) var units: [AMSUnit] = []
    /// By id: 254, 255 or both.
    package internal(set) var externals: [External] = []
    /// Wire: `tray_now`.
    fileprivate var trayNow: Int?
    /// Wire: `power_on_flag`.
    fileprivate var isPowered: Bool?
    /// The object `ams` of the last report, where that was full, nothing in it was odd, and nothing has changed the units
    /// since: to read the same bytes again would change nothing.
    fileprivate var source: ValueDigest?
    /// Whether the printer uses `vir_slot`: the older `vt_tray` beside it (H2D 01.01) then tells only half.
    private var hasVirtualSlots = false

    /// A spool that hangs outside of every AMS unit.
    package struct External: Sendable, Equatable {
        /// 254 or 255; of two, 254 feeds the left nozzle and 255 the right one.
        package let id: Int
        package let tray: Tray
    }

    /// Which slot feeds the nozzle in use; `nil` where that is not known.
    ///
    /// - Parameter feed: what the extruder itself reports. It is the better source, for with two nozzles or several
    ///   units `tray_now` may count within one unit (BambuStudio DevExtruderSystem; bambuddy).
    package func activeFeed(extruder feed: Toolhead.Feed?, nozzleCount: Int) -> Toolhead.Feed? {
        if case .external = feed, externals.count == 1 { return .external(externals[0].id) }
        if let feed { return feed }
        guard let trayNow, nozzleCount == 1 else { return nil }
        switch trayNow {
        case 255: return Toolhead.Feed.none
        case 254: return .external(externals.count == 1 ? externals[0].id : 254)
        case 128...135: return .slot(unit: trayNow, slot: 0)
        default:
            let unit = trayNow >> 2
            if units.contains(where: { $0.id == unit }) { return .slot(unit: unit, slot: trayNow & 3) }
            // An A2L's only unit has the id 16; its trays are taken to count from 0.
            guard units.count == 1, trayNow < 4, let only = units.first else { return nil }
            return .slot(unit: only.id, slot: trayNow)
        }
    }

    /// The state as one message leaves it. Whether the message is full may be told by its last key, so what only a full one
    /// says waits until `settle`.
    struct Message {
        fileprivate(set) var state: AMS
        fileprivate var mentioned: [(id: Int, slots: UInt8?)] = []
        fileprivate var hadUnits = false
        fileprivate var source: ValueDigest?
        fileprivate var existBits: UInt64?
        fileprivate var trayBits: UInt64?

        init(_ state: AMS) {
            self.state = state
        }
    }

    /// Merges an array of units as a full report's, where it stands by itself.
    mutating func mergeUnits(_ reader: inout FieldReader) throws {
        var message = Message(self)
        message.hadUnits = try reader.array { try message.readUnit(&$0) }
        message.settle(isFull: true)
        self = message.state
    }

    /// Merges the object `ams` of a full report, where it stands by itself.
    mutating func merge(_ reader: inout FieldReader) throws {
        var message = Message(self)
        try message.read(&reader)
        message.settle(isFull: true)
        self = message.state
    }

    /// Takes over what a message said of the units; external spools are no part of the object `ams`.
    mutating func takeUnits(of message: Message) {
        let new = message.state
        if let source = new.source {
            self.source = source
        } else if units != new.units || trayNow != new.trayNow || isPowered != new.isPowered {
            source = nil
        }
        units = new.units
        trayNow = new.trayNow
        isPowered = new.isPowered
    }

    /// Passes over an object `ams` that says what the last one said. Most reports of a printer that sends full ones every
    /// second are such, and AMS units are most of them.
    func skipRepeated(_ reader: inout FieldReader) throws -> Bool {
        guard let source else { return false }
        return try reader.scanner.skip(source)
    }

    /// Tells each unit what else is known of its kind.
    mutating func learnKinds(_ kind: (AMSUnit) -> AMSUnit.Kind?) {
        for index in units.indices { units[index].learn(kind(units[index])) }
    }

    /// Looks ahead for the unit's id, which may stand behind other keys; `nil` where there is none to use.
    static func unitID(_ reader: FieldReader, key wanted: String = "id") throws -> Int? {
        var scanner = reader.scanner
        guard try scanner.peek() == .object else { return nil }
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if key.equals(wanted) {
                return try scanner.scalar().integer.flatMap { AMSUnit.isPlausible(id: $0) ? $0 : nil }
            }
            try scanner.skip()
        }
        return nil
    }

    /// Replaces the external spools by those of `vir_slot`.
    mutating func readVirtualSlots(_ reader: inout FieldReader) throws {
        var found: [External] = []
        let isArray = try reader.array { reader in
            try Self.readExternal(&reader, into: &found)
        }
        guard isArray else { return }
        externals = found.sorted { $0.id < $1.id }
        hasVirtualSlots = true
    }

    /// Replaces the external spool by that of `vt_tray`, which is what there was before `vir_slot`.
    mutating func readVirtualTray(_ reader: inout FieldReader) throws {
        guard !hasVirtualSlots else { return try reader.scanner.skip() }
        var found: [External] = []
        try Self.readExternal(&reader, into: &found)
        if !found.isEmpty { externals = found }
    }

    private static func readExternal(_ reader: inout FieldReader, into found: inout [External]) throws {
        let before = reader.rejected
        guard let tray = try Tray.read(&reader) else { return }
        guard let id = tray.id, id == 254 || id == 255, !found.contains(where: { $0.id == id }) else {
            return reader.reject(unlessSince: before)
        }
        found.append(External(id: id, tray: tray))
    }
}

extension AMS.Message {
    private static let fields = FieldTable<Self>([
        Field("ams") { reader, message in
            if try reader.array({ try message.readUnit(&$0) }) { message.hadUnits = true }
        },
        Field("ams_exist_bits") { try $0.hexadecimal(into: &$1.existBits) },
        Field("tray_exist_bits") { try $0.hexadecimal(into: &$1.trayBits) },
        Field("power_on_flag") { try $0.flag(into: &$1.state.isPowered) },
        Field("tray_now") { try $0.integer(in: 0...255, into: &$1.state.trayNow) },
    ])

    /// Reads the object `ams` of a report.
    mutating func read(_ reader: inout FieldReader) throws {
        _ = try reader.scanner.peek()
        let start = reader.scanner.offset
        let rejected = reader.rejected
        try Self.fields.read(&reader, into: &self)
        source = reader.rejected == rejected ? reader.scanner.digest(from: start) : nil
    }

    fileprivate mutating func readUnit(_ reader: inout FieldReader) throws {
        guard let id = try AMS.unitID(reader) else {
            if try reader.scanner.peek() != .null { reader.reject() }
            return try reader.scanner.skip()
        }
        if let index = state.units.firstIndex(where: { $0.id == id }) {
            return mention(id, try state.units[index].merge(&reader))
        }
        var unit = AMSUnit(id: id)
        mention(id, try unit.merge(&reader))
        guard state.units.count < AMS.unitLimit else { return reader.reject() }
        state.units.append(unit)
        state.units.sort { $0.id < $1.id }
    }

    /// Of two lists of a unit's slots the later one counts.
    private mutating func mention(_ id: Int, _ slots: UInt8?) {
        if let index = mentioned.firstIndex(where: { $0.id == id }) {
            mentioned[index].slots = slots ?? mentioned[index].slots
        } else {
            mentioned.append((id, slots))
        }
    }

    /// Applies what counts for all units, once the whole message has been read, in whatever order its keys came.
    mutating func settle(isFull: Bool) {
        state.source = isFull ? source : nil
        if isFull, hadUnits {
            state.keepUnits { unit in mentioned.contains { $0.id == unit.id } }
            for case (let id, let slots?) in mentioned { state.keepSlots(slots, ofUnit: id) }
        }
        // A printer that shuts down says for a moment that it has no units and no spools (bambuddy #765). The flag is a
        // setting that partial reports leave out while it does not change; hence the merged one decides.
        if existBits == 0, state.isPowered == false, !isFull { return }
        if let existBits { state.keepUnits { existBits >> $0.existBit & 1 == 1 } }
        if let trayBits { state.apply(trayBits: trayBits) }
    }
}

extension AMS {
    fileprivate mutating func keepUnits(_ isKept: (AMSUnit) -> Bool) {
        units.removeAll { !isKept($0) }
    }

    fileprivate mutating func keepSlots(_ mentioned: UInt8, ofUnit id: Int) {
        for index in units.indices where units[index].id == id { units[index].keepSlots(mentioned) }
    }

    fileprivate mutating func apply(trayBits: UInt64) {
        for index in units.indices { units[index].apply(trayBits: trayBits) }
    }
}
