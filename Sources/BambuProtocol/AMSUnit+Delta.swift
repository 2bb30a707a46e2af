import JSONScanning

extension AMSUnit {
    /// A unit with one message merged.
    struct Delta {
        var unit: AMSUnit
        /// The slots that the message lists, one bit each; `nil` if it has no list of them.
        private(set) var mentionedSlots: UInt16?
        /// Reader at the list of trays. In a partial report, the list adds to the known values.
        private(set) var trays: FieldReader?

        init(_ unit: AMSUnit) {
            self.unit = unit
        }
    }
}

extension AMSUnit.Delta {
    /// Merges one element of `ams.ams`; keys that it does not have keep their values.
    mutating func read(_ reader: inout FieldReader, _ fields: FieldTable<Self> = AMSUnit.fields) throws {
        try fields.read(&reader, into: &self)
        // The kind, which limits the number of slots, may follow the trays.
        let limit = unit.slotLimit
        guard unit.slots.count > limit else { return }
        unit.slots.removeLast(unit.slots.count - limit)
        for slot in limit..<UnitID.slotLimit where (mentionedSlots ?? 0) >> slot & 1 == 1 { reader.reject() }
    }

    /// Reads a list of trays, each of which replaces its slot.
    ///
    /// - Parameter read: reads one tray of any shape, and returns whether the value was a tray.
    mutating func readTrays(
        _ reader: inout FieldReader,
        _ read: (inout FieldReader, inout Tray) throws -> Bool = { try $1.merge(&$0) }
    ) throws {
        var mentioned = mentionedSlots ?? 0
        let start = reader
        let isArray = try reader.array { reader in
            let before = reader.rejected
            var slot = AMSUnit.Slot()
            guard try read(&reader, &slot.tray) else { return }
            guard let id = slot.tray.id, (0..<UnitID.slotLimit).contains(id) else {
                return reader.reject(unlessSince: before)
            }
            while unit.slots.count <= id { unit.slots.append(AMSUnit.Slot()) }
            slot.isPresent = slot.tray.isSpoolSeen
            swap(&unit.slots[id], &slot)
            mentioned |= 1 << id
        }
        if isArray { (mentionedSlots, trays) = (mentioned, start) }
    }
}

extension AMSUnit {
    /// Adds the trays of a partial report to those of the unit as it was before.
    mutating func merge(trays: FieldReader, onto old: AMSUnit) throws {
        // Odd values in them were counted when they were read first.
        var reader = trays
        try reader.array { reader in
            var again = reader
            guard let id = try Tray.read(&reader)?.id, slots.indices.contains(id), slots[id].isPresent,
                old.slots.indices.contains(id), old.slots[id].tray != Tray()
            else { return }
            var tray = old.slots[id].tray
            try tray.merge(&again)
            slots[id] = Slot(isPresent: true, tray: tray)
        }
    }
}
