/// The AMS units and external spools of a printer, and the active one.
package struct FilamentSystem: Sendable, Equatable {
    /// The value of `tray_now` if nothing is loaded.
    static let unloaded = 255

    package var units: [AMSUnit]
    package var external: [Spool?]
    /// Tray numbers as in `tray_now`: loaded, target, previous.
    package private(set) var now = FilamentSystem.unloaded
    package private(set) var target = FilamentSystem.unloaded
    package private(set) var previous = FilamentSystem.unloaded
    /// A counter that increases with every change of a unit that is visible on the wire.
    package private(set) var version = 1

    /// The index in `units` and the slot of a tray number.
    private func place(of tray: Int) -> (unit: Int, slot: Int)? {
        for (index, unit) in units.enumerated() {
            for slot in unit.slots.indices where unit.trayNumber(slot) == tray { return (index, slot) }
        }
        return nil
    }

    package var loaded: (unit: AMSUnit, slot: Int)? {
        place(of: now).map { (units[$0.unit], $0.slot) }
    }

    /// Tray numbers of slots with filament that can feed a print; without any, the external spool.
    var usable: [Int] {
        let trays = units.flatMap { unit in
            unit.slots.indices.filter { unit.slots[$0] != nil }.map(unit.trayNumber)
        }
        return trays.isEmpty ? [254] : trays
    }

    mutating func setTarget(_ tray: Int) {
        target = tray
        version += 1
    }

    mutating func load() {
        previous = now
        now = target
        version += 1
    }

    mutating func unload() {
        target = Self.unloaded
        load()
    }

    /// Removes `grams` from the loaded spool; returns whether it still has filament.
    @discardableResult
    mutating func consume(_ grams: Double) -> Bool {
        guard let place = place(of: now), var spool = units[place.unit].slots[place.slot] else { return true }
        let before = spool.remain
        spool.left = max(0, spool.left - grams)
        if spool.remain != before { version += 1 }
        units[place.unit].slots[place.slot] = spool
        return spool.left > 0
    }

    mutating func refill(using random: inout SeededGenerator) {
        guard let place = place(of: now) else { return }
        units[place.unit].slots[place.slot] = .random(using: &random, full: true)
        version += 1
    }

    mutating func setHumidity(_ percent: Double) {
        for unit in units.indices { units[unit].humidity = percent }
        version += 1
    }

    mutating func putSpool(left part: Double, using random: inout SeededGenerator) {
        guard !units.isEmpty, !units[0].slots.isEmpty else { return }
        units[0].slots[0] = .tagged(.basicPLA, left: part, using: &random)
        version += 1
    }

    /// Simulates the user between prints: replaces nearly empty spools, and sometimes adds or removes one.
    mutating func swapSpools(using random: inout SeededGenerator) {
        for unit in units.indices {
            for slot in units[unit].slots.indices {
                let left = units[unit].slots[slot].map { $0.left / $0.capacity } ?? 0
                let isEmpty = units[unit].slots[slot] == nil
                if isEmpty ? random.happens(0.2) : left < 0.05 {
                    units[unit].slots[slot] = .random(using: &random, full: true)
                } else if slot > 0, random.happens(0.03) {
                    units[unit].slots[slot] = nil
                }
            }
        }
        version += 1
    }

    /// Starts drying in the unit with this id, or in the first one that can dry.
    mutating func dry(unit id: Int?, celsius: Int, hours: Int) {
        guard let index = units.firstIndex(where: { $0.kind.canDry && ($0.id == id || id == nil) }) else { return }
        let filament = units[index].slots.compactMap { $0 }.first?.filament.type ?? "PLA"
        units[index].drying = .init(target: celsius, hours: hours, filament: filament, left: Double(hours) * 3600)
        version += 1
    }

    mutating func advance(_ seconds: Double, random: inout SeededGenerator) {
        for index in units.indices {
            let before = (units[index].humidityIndex, Int(units[index].humidity), units[index].drying == nil)
            units[index].advance(seconds, random: &random)
            let after = (units[index].humidityIndex, Int(units[index].humidity), units[index].drying == nil)
            if before != after { version += 1 }
        }
    }
}
