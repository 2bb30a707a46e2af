/// Adds up the filament that leaves the spools of a printer, by material, from the falls of what they say remains.
package struct FilamentTracker: Sendable, Equatable {
    /// Materials told apart; the others are added up as `other`.
    private static let typeLimit = 32

    /// g used, by material.
    package private(set) var grams: [String: Double] = [:]

    private struct Sight: Equatable {
        let unit: Int
        let slot: Int
        var spool: Tray.Spool
        var percent: Double
    }

    /// What was seen last in each slot. A printer has few: looking through them is faster than a dictionary.
    private var seen: [Sight] = []

    /// Takes in what one report left of the AMS units. Another spool in a slot counts nothing; nor does a rise.
    mutating func observe(_ ams: AMS) {
        for unit in ams.units {
            for (index, slot) in unit.slots.enumerated() {
                let place = seen.firstIndex { $0.slot == index && $0.unit == unit.id }
                // What a spool lost while it was out was lost elsewhere.
                if !slot.isPresent, let place { seen.remove(at: place) }
                guard slot.isPresent, unit.isTracking, let percent = slot.tray.remaining else { continue }
                let spool = slot.tray.spool
                guard let place else {
                    seen.append(Sight(unit: unit.id, slot: index, spool: spool, percent: percent))
                    continue
                }
                let before = seen[place].percent
                if seen[place].spool != spool {
                    seen[place].spool = spool
                } else if percent == before {
                    continue
                } else if percent < before, let full = slot.tray.grams {
                    add((before - percent) / 100 * full, of: slot.tray.type)
                }
                seen[place].percent = percent
            }
        }
    }

    private mutating func add(_ amount: Double, of type: String) {
        let isRoom = grams[type] != nil || grams.count < Self.typeLimit
        grams[isRoom ? type : "other", default: 0] += amount
    }
}
