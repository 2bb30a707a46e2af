import JSONScanning

extension AMSUnit {
    /// A unit, and what one message says of it.
    struct Update {
        var unit: AMSUnit
        /// Bit by bit, the slots of which it speaks; `nil` where it has no list of them.
        private(set) var mentionedSlots: UInt16?
        /// Trays that took the place of another one. In a partial report they only add to it.
        private(set) var replaced: [Replaced] = []

        /// A tray as the message has it, and what stood in its slot before.
        struct Replaced {
            let slot: Int
            let previous: Tray
            /// Stands in front of the tray.
            let reader: FieldReader
        }

        init(_ unit: AMSUnit) {
            self.unit = unit
        }
    }
}

extension AMSUnit.Update {
    /// Merges one element of `ams.ams`; keys that it does not have keep their values.
    mutating func read(_ reader: inout FieldReader, _ fields: FieldTable<Self> = AMSUnit.fields) throws {
        try fields.read(&reader, into: &self)
        // The kind, which tells how many slots there can be, may stand behind them.
        let limit = unit.slotLimit
        guard unit.slots.count > limit else { return }
        unit.slots.removeLast(unit.slots.count - limit)
        replaced.removeAll { $0.slot >= limit }
        for slot in limit..<UnitID.slotLimit where (mentionedSlots ?? 0) >> slot & 1 == 1 { reader.reject() }
    }

    /// Lets each tray of a list replace its slot.
    ///
    /// - Parameter read: reads one tray, in whatever shape it has.
    mutating func readTrays(
        _ reader: inout FieldReader, _ read: (inout FieldReader) throws -> Tray? = Tray.read
    ) throws {
        var mentioned = mentionedSlots ?? 0
        let isArray = try reader.array { reader in
            let start = reader
            let before = reader.rejected
            guard let tray = try read(&reader) else { return }
            guard let id = tray.id, (0..<UnitID.slotLimit).contains(id) else {
                return reader.reject(unlessSince: before)
            }
            while unit.slots.count <= id { unit.slots.append(AMSUnit.Slot()) }
            let previous = unit.slots[id].tray
            unit.slots[id] = AMSUnit.Slot(isPresent: tray.isSpoolSeen, tray: tray)
            mentioned |= 1 << id
            if tray.isSpoolSeen, previous != Tray() {
                replaced.append(Replaced(slot: id, previous: previous, reader: start))
            }
        }
        if isArray { mentionedSlots = mentioned }
    }
}
