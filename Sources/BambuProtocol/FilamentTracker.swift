/// Adds up the filament that leaves the spools of a printer, by material, from the falls of what they say remains.
package struct FilamentTracker: Sendable, Equatable {
    /// Materials told apart; the others are added up as `other`.
    private static let typeLimit = 32

    /// g used, by material.
    package private(set) var grams: [String: Double] = [:]

    private struct Place: Hashable {
        let unit: Int
        let slot: Int
    }

    private struct Sight: Equatable {
        let spool: Tray.Spool
        let percent: Double
    }

    private var seen: [Place: Sight] = [:]

    /// Takes in what one report left of the AMS units. Another spool in a slot counts nothing; nor does a rise.
    mutating func observe(_ ams: AMS) {
        for unit in ams.units {
            for (index, slot) in unit.slots.enumerated() {
                let place = Place(unit: unit.id, slot: index)
                // What a spool lost while it was out was lost elsewhere.
                if !slot.isPresent { seen[place] = nil }
                guard slot.isPresent, unit.isTracking, let percent = slot.tray.remaining else { continue }
                let sight = Sight(spool: slot.tray.spool, percent: percent)
                if seen[place] == sight { continue }
                if let before = seen[place], before.spool == sight.spool, percent < before.percent,
                    let full = slot.tray.grams
                {
                    add((before.percent - percent) / 100 * full, of: slot.tray.type)
                }
                seen[place] = sight
            }
        }
    }

    private mutating func add(_ amount: Double, of type: String) {
        let isRoom = grams[type] != nil || grams.count < Self.typeLimit
        grams[isRoom ? type : "other", default: 0] += amount
    }
}
