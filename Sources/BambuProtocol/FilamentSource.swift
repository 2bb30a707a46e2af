/// The source of a nozzle's filament.
package enum FilamentSource: Sendable, Equatable {
    case none
    /// A slot of an AMS unit.
    case slot(unit: UnitID, slot: Int)
    /// An external spool: 254 or 255.
    case external(Int)

    /// Reads a slot word, such as `snow` of an extruder: the unit in the high byte, the slot in the low byte.
    ///
    /// The slot 0xFF means no slot, in every unit: 0xFEFF is an empty left nozzle. The units 0xFF and 0xFE are the
    /// external spools of the right nozzle, or of the only one, and of the left nozzle. `nil` if the word is not
    /// valid.
    init?(packed word: Int) {
        guard (0...0xFFFF).contains(word) else { return nil }
        let (unit, slot) = (word >> 8, word & 0xFF)
        if slot == 0xFF {
            self = .none
        } else if unit >= 0xFE {
            self = .external(unit)
        } else if let unit = UnitID(unit), slot < (unit.isHT ? unit.slotCount : UnitID.slotLimit) {
            self = .slot(unit: unit, slot: slot)
        } else {
            return nil
        }
    }

    /// Reads a slot number that counts over all units, as in `tray_now` and the account's tasks; `nil` if it is not
    /// valid.
    init?(number: Int) {
        switch number {
        case 254, 255: self = .external(number)
        default:
            guard let (unit, slot) = UnitID.slot(number: number) else { return nil }
            self = .slot(unit: unit, slot: slot)
        }
    }
}

extension PrinterState {
    /// The source of filament for the nozzle in use; `nil` if it is not known.
    ///
    /// The extruder's own report is preferred: with two nozzles or several units, `tray_now` may count within one unit
    /// (Bambu Studio DevExtruderSystem; bambuddy #420).
    package func activeSource(on model: Model) -> FilamentSource? {
        if let source = toolhead.activeSource {
            if case .external = source, let only = ams.externals.only { return .external(only.id) }
            return source
        }
        guard let number = ams.trayNow, !toolhead.hasSeveral else { return nil }
        switch number {
        case 255: return FilamentSource.none
        case 254: return .external(ams.externals.only?.id ?? 254)
        // Such a number may count within the unit.
        case 0..<4 where model.countsSlotsByUnit || ams.units.count == 1: return localSource(slot: number)
        default:
            guard let source = FilamentSource(number: number), case .slot(let unit, _) = source,
                ams.units.contains(where: { $0.id == unit })
            else { return nil }
            return source
        }
    }

    /// The slot of that number, if only one unit has it or if the job uses it in only one unit.
    private func localSource(slot: Int) -> FilamentSource? {
        let all = ams.units.filter { $0.slots.indices.contains(slot) }.map {
            FilamentSource.slot(unit: $0.id, slot: slot)
        }
        if all.count == 1 { return all[0] }
        let used = all.filter(job.slots.contains)
        return used.count == 1 ? used[0] : nil
    }
}
