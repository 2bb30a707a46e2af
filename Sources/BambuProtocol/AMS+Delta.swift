import JSONScanning

extension AMS {
    /// The AMS state with one message merged.
    ///
    /// The last key of a message can decide whether it is full, so everything that depends on that waits until
    /// `finish`.
    struct Delta {
        /// A unit that the message lists.
        private struct Mention {
            let id: UnitID
            /// The slots that it lists.
            var slots: UInt16?
            /// Reader at the unit, if it was skipped because it equals the known one.
            var skipped: FieldReader?
            /// Whether it was read.
            var isRead = false
        }

        private(set) var state: AMS
        /// Whether the units may differ from the known ones.
        private(set) var isNews = false
        private var mentions: [Mention] = []
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
        try Self.fields.read(&reader, into: &self)
    }

    /// Reads an array of units.
    mutating func readUnits(_ reader: inout FieldReader) throws {
        if try reader.array({ try readUnit(&$0) }) { hadUnits = true }
    }

    private mutating func readUnit(_ reader: inout FieldReader) throws {
        if try skipRepeatedUnit(&reader) { return }
        guard let id = try AMS.unitID(reader) else {
            if try reader.scanner.peek() != .null { reader.reject() }
            return try reader.scanner.skip()
        }
        if let index = mentions.firstIndex(where: { $0.id == id }) {
            try readSkipped(at: index)
            return try readUnit(id, at: index, &reader)
        }
        mentions.append(Mention(id: id))
        try readUnit(id, at: mentions.count - 1, &reader)
    }

    /// Skips a unit that equals the known one at the same place, as printers list the units in the order of their ids.
    ///
    /// - Returns: whether the unit was skipped.
    private mutating func skipRepeatedUnit(_ reader: inout FieldReader) throws -> Bool {
        guard mentions.count < state.units.count else { return false }
        let id = state.units[mentions.count].id
        guard let source = state.units[mentions.count].source, !mentions.contains(where: { $0.id == id }) else {
            return false
        }
        let start = reader
        guard try reader.scanner.skip(source.digest) else { return false }
        mentions.append(Mention(id: id, skipped: start))
        return true
    }

    /// Reads a unit that was skipped.
    private mutating func readSkipped(at mention: Int) throws {
        guard var reader = mentions[mention].skipped else { return }
        mentions[mention].skipped = nil
        try readUnit(mentions[mention].id, at: mention, &reader)
    }

    private mutating func readUnit(_ id: UnitID, at mention: Int, _ reader: inout FieldReader) throws {
        isNews = true
        let index = state.units.firstIndex { $0.id == id }
        var delta = AMSUnit.Delta(
            index.map { state.units[$0] } ?? AMSUnit(id: id, isOfKnownModel: state.isOfKnownModel))
        _ = try reader.scanner.peek()
        let start = reader.scanner.offset
        let rejected = reader.rejected
        try delta.read(&reader)
        let isOdd = reader.rejected != rejected || mentions[mention].isRead
        delta.unit.source = isOdd ? nil : AMSUnit.Source(digest: reader.scanner.digest(from: start))
        mentions[mention].isRead = true
        // If a unit has two lists of slots, the last one wins.
        mentions[mention].slots = delta.mentionedSlots ?? mentions[mention].slots
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

    /// Applies what affects all units, after the whole message was read: the order of its keys does not matter.
    ///
    /// - Parameter before: the state before the message.
    mutating func finish(isFull: Bool, after before: AMS) throws {
        // The bits also decide what a unit contains, and may follow it.
        for (index, mention) in mentions.enumerated() where mention.skipped != nil {
            let source = state.units.first { $0.id == mention.id }?.source
            if source?.trayBits != trayBits.flatMap(mention.id.trayBits) { try readSkipped(at: index) }
        }
        if isFull { keepMentioned() } else { try mergeTrays(after: before) }
        if isShutdown, !isFull, !before.units.isEmpty {
            state = before
            return
        }
        if let existBits { keepUnits { unit in unit.id.existBit.map { existBits >> UInt64($0) & 1 == 1 } ?? true } }
        for index in state.units.indices { applyTrayBits(toUnitAt: index, isFull: isFull) }
    }

    private mutating func applyTrayBits(toUnitAt index: Int, isFull: Bool) {
        let id = state.units[index].id
        let mention = mentions.first { $0.id == id }
        if mention?.skipped != nil { return }
        let bits = trayBits.flatMap(id.trayBits)
        // Of a unit that the report does not contain, the bits may be all that is new.
        guard mention != nil || bits != nil && state.units[index].source?.trayBits != bits else { return }
        isNews = true
        if let bits { state.units[index].apply(trayBits: bits) }
        if mention?.isRead == true, isFull {
            state.units[index].source?.trayBits = bits
        } else {
            state.units[index].source = nil
        }
    }

    /// Whether the printer shuts down. For a moment it then reports no units and no spools (bambuddy #765).
    ///
    /// Partial reports leave the flag out while it does not change, so the merged flag decides.
    private var isShutdown: Bool {
        existBits == 0 && (trayBits ?? 0) == 0 && state.isPowered == false
    }

    private mutating func keepMentioned() {
        guard hadUnits else { return }
        let ids = mentions.map(\.id)
        keepUnits { ids.contains($0.id) }
        for mention in mentions {
            guard let slots = mention.slots else { continue }
            for index in state.units.indices where state.units[index].id == mention.id {
                state.units[index].keepSlots(slots)
            }
        }
    }

    private mutating func keepUnits(_ isKept: (AMSUnit) -> Bool) {
        guard !state.units.allSatisfy(isKept) else { return }
        isNews = true
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
