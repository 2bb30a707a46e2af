/// Counts the used filament of a printer by material, from the decrease of the amount that remains on its spools.
///
/// A decrease counts below the lowest amount that the spool had so far, because printers correct their estimate up and
/// down.
package struct FilamentTracker: Sendable, Equatable {
    /// The maximum number of materials. Further ones are counted as `other`.
    private static let typeLimit = 32
    /// The maximum number of removed spools that are remembered.
    private static let memory = 32

    /// Grams used, by material; 0 as soon as a tracked spool of the material is seen.
    package private(set) var grams: [String: Double] = [:]

    private struct Sight: Equatable {
        let unit: UnitID
        let slot: Int
        let spool: Tray.Spool
        /// Grams.
        var lowest: Double
        /// Whether the printer reported the grams itself; they differ from the grams of its percentage.
        var isWeighed: Bool

        /// Starts again from an amount of the other origin, whose difference is not filament that was used.
        mutating func rebase(on left: Double, isWeighed: Bool) {
            guard isWeighed != self.isWeighed, left > 0 else { return }
            (lowest, self.isWeighed) = (left, isWeighed)
        }
    }

    /// The contents of each slot. A printer has few slots, so a linear search is faster than a dictionary.
    private var seen: [Sight] = []
    /// Tagged spools that were removed, the most recent one last.
    private var departed: [Sight] = []

    /// Counts the filament used up to one report. A changed spool in a slot counts nothing, nor does an increase.
    ///
    /// - Parameters:
    ///   - feed: the slot that fed the nozzle in use before the report, while a job runs.
    ///   - news: the new health messages of the report, which may contain slots that ran out.
    mutating func observe(_ ams: AMS, fedFrom source: FilamentSource?, news: [HMSMessage]) {
        let emptied = news.compactMap(\.emptySlot)
        // By index: iterating over the elements would copy each of them with its texts.
        for unit in ams.units.indices {
            let id = ams.units[unit].id
            let isTracking = ams.units[unit].isTracking
            for slot in ams.units[unit].slots.indices {
                let place = seen.firstIndex { $0.slot == slot && $0.unit == id }
                guard ams.units[unit].slots[slot].isPresent else {
                    // A spool that is removed while it feeds the nozzle ran out.
                    if let place { depart(place, isEmpty: source == .slot(unit: id, slot: slot)) }
                    continue
                }
                guard isTracking, let left = ams.units[unit].slots[slot].tray.remainingGrams else { continue }
                if let place, ams.units[unit].slots[slot].tray.isOf(seen[place].spool) {
                    let isEmpty = emptied.contains { $0.unit == id && $0.slot == slot }
                    seen[place].rebase(on: left, isWeighed: ams.units[unit].slots[slot].tray.isWeighed)
                    record(isEmpty ? 0 : left, at: place)
                } else {
                    if let place { depart(place, isEmpty: false) }
                    let tray = ams.units[unit].slots[slot].tray
                    arrive(Sight(unit: id, slot: slot, spool: tray.spool, lowest: left, isWeighed: tray.isWeighed))
                }
            }
        }
    }

    /// Counts the decrease of a spool since its lowest amount.
    private mutating func record(_ left: Double, at place: Int) {
        guard left < seen[place].lowest else { return }
        grams[label(of: seen[place].spool.type), default: 0] += seen[place].lowest - left
        seen[place].lowest = left
    }

    private mutating func arrive(_ sight: Sight) {
        if grams[sight.spool.type] == nil { grams[label(of: sight.spool.type), default: 0] += 0 }
        var sight = sight
        // A decrease while the spool was removed does not count, because the filament was used elsewhere.
        if let place = departed.lastIndex(where: { $0.spool == sight.spool }) {
            var past = departed.remove(at: place)
            past.rebase(on: sight.lowest, isWeighed: sight.isWeighed)
            sight.lowest = min(sight.lowest, past.lowest)
        }
        seen.append(sight)
    }

    private mutating func depart(_ place: Int, isEmpty: Bool) {
        if isEmpty { record(0, at: place) }
        let sight = seen.remove(at: place)
        guard sight.spool.isTagged else { return }
        if departed.count == Self.memory { departed.removeFirst() }
        departed.append(sight)
    }

    private func label(of type: String) -> String {
        grams[type] != nil || grams.count < Self.typeLimit ? type : "other"
    }
}
