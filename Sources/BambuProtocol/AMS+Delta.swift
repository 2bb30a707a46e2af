import JSONScanning

extension AMS {
    /// The AMS state with one message merged.
    ///
    /// The last key of a message can decide whether it is full, so everything that depends on that waits until
    /// `finish`.
    struct Delta {
        private(set) var state: AMS
        /// The digest of the object `ams`, if the message is full and contains nothing odd.
        private(set) var source: ValueDigest?
        private var mentioned: [(id: UnitID, slots: UInt16?)] = []
        private var trays: [(id: UnitID, reader: FieldReader)] = []
        private var hadUnits = false
        private var existBits: UInt64?
        private var trayBits: UInt64?

        init(_ state: AMS) {
            self.state = state
        }
    }
}

extension AMS.Delta {
    private static let fields = FieldTable<Self>([
        Field("ams") { try $1.readUnits(&$0) },
        Field("ams_exist_bits") { try $0.hexadecimal(into: &$1.existBits) },
        Field("tray_exist_bits") { try $0.hexadecimal(into: &$1.trayBits) },
        Field("tray_now") { try $0.integer(in: 0...255, into: &$1.state.trayNow) },
        Field("power_on_flag") { try $0.flag(into: &$1.state.isPowered) },
    ])

    /// Reads the object `ams` of a report.
    mutating func read(_ reader: inout FieldReader) throws {
        _ = try reader.scanner.peek()
        let start = reader.scanner.offset
        let rejected = reader.rejected
        try Self.fields.read(&reader, into: &self)
        source = reader.rejected == rejected ? reader.scanner.digest(from: start) : nil
    }

    /// Reads an array of units.
    mutating func readUnits(_ reader: inout FieldReader) throws {
        if try reader.array({ try readUnit(&$0) }) { hadUnits = true }
    }

    private mutating func readUnit(_ reader: inout FieldReader) throws {
        guard let id = try AMS.unitID(reader) else {
            if try reader.scanner.peek() != .null { reader.reject() }
            return try reader.scanner.skip()
        }
        let index = state.units.firstIndex { $0.id == id }
        var delta = AMSUnit.Delta(
            index.map { state.units[$0] } ?? AMSUnit(id: id, isOfKnownModel: state.isOfKnownModel))
        try delta.read(&reader)
        recordMentioned(id, delta.mentionedSlots)
        if let reader = delta.trays { trays.append((id, reader)) }
        if let index {
            state.units[index] = delta.unit
        } else if state.units.count < AMS.unitLimit {
            state.units.append(delta.unit)
            state.units.sort { $0.id < $1.id }
        } else {
            reader.reject()
        }
    }

    /// Records the slots that a unit lists. If a unit has two lists, the last one wins.
    private mutating func recordMentioned(_ id: UnitID, _ slots: UInt16?) {
        if let index = mentioned.firstIndex(where: { $0.id == id }) {
            mentioned[index].slots = slots ?? mentioned[index].slots
        } else {
            mentioned.append((id, slots))
        }
    }

    /// Applies what affects all units, after the whole message was read: the order of its keys does not matter.
    ///
    /// - Parameter before: the state before the message.
    mutating func finish(isFull: Bool, after before: AMS) throws {
        if isFull { keepMentioned() } else { try mergeTrays(after: before) }
        if !isFull { source = nil }
        if isShutdown, !isFull, !before.units.isEmpty {
            state = before
            return
        }
        if let existBits { keepUnits { unit in unit.id.existBit.map { existBits >> UInt64($0) & 1 == 1 } ?? true } }
        if let trayBits { for index in state.units.indices { state.units[index].apply(trayBits: trayBits) } }
    }

    /// Whether the printer shuts down. For a moment it then reports no units and no spools (bambuddy #765).
    ///
    /// Partial reports leave the flag out while it does not change, so the merged flag decides.
    private var isShutdown: Bool {
        existBits == 0 && (trayBits ?? 0) == 0 && state.isPowered == false
    }

    private mutating func keepMentioned() {
        guard hadUnits else { return }
        let ids = mentioned.map(\.id)
        keepUnits { ids.contains($0.id) }
        for case (let id, let slots?) in mentioned {
            for index in state.units.indices where state.units[index].id == id {
                state.units[index].keepSlots(slots)
            }
        }
    }

    private mutating func keepUnits(_ isKept: (AMSUnit) -> Bool) {
        state.units.removeAll { !isKept($0) }
    }

    /// Merges the trays of a partial report: a tray that the report leaves out keeps its values.
    private mutating func mergeTrays(after before: AMS) throws {
        for (id, reader) in trays {
            guard let index = state.units.firstIndex(where: { $0.id == id }),
                let old = before.units.first(where: { $0.id == id })
            else { continue }
            try state.units[index].merge(trays: reader, onto: old)
        }
    }
}
