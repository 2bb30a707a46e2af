/// The AMS units and external spools of a printer, and which of them feeds.
package struct FilamentSystem: Sendable, Equatable {
    /// `tray_now` where nothing is loaded.
    static let nothing = 255

    package var units: [AMSUnit]
    package var external: [Spool?]
    /// Tray numbers as `tray_now` has them: loaded, wanted, loaded before.
    package private(set) var now = FilamentSystem.nothing
    package private(set) var target = FilamentSystem.nothing
    package private(set) var previous = FilamentSystem.nothing
    /// Grows whenever the content of a unit changes in a way that shows on the wire.
    package private(set) var version = 1

    init(units: [AMSUnit], external: [Spool?]) {
        self.units = units
        self.external = external
    }

    /// The unit's place in `units` and the slot that `tray` means.
    private func place(of tray: Int) -> (unit: Int, slot: Int)? {
        for (index, unit) in units.enumerated() {
            for slot in unit.slots.indices where unit.trayNumber(slot) == tray { return (index, slot) }
        }
        return nil
    }

    /// The loaded slot: the unit's id and the slot in it.
    package var loaded: (unit: AMSUnit, slot: Int)? {
        place(of: now).map { (units[$0.unit], $0.slot) }
    }

    /// Tray numbers of slots with filament in them that can feed a print; the external spool where there is none.
    var usable: [Int] {
        let trays = units.flatMap { unit in
            unit.slots.indices.filter { unit.slots[$0] != nil }.map(unit.trayNumber)
        }
        return trays.isEmpty ? [254] : trays
    }

    mutating func want(_ tray: Int) {
        target = tray
        version += 1
    }

    /// The wanted tray is loaded.
    mutating func load() {
        previous = now
        now = target
        version += 1
    }

    mutating func unload() {
        target = Self.nothing
        load()
    }

    /// Takes `grams` from the loaded spool. Returns whether it still feeds.
    mutating func consume(_ grams: Double) -> Bool {
        guard let place = place(of: now), var spool = units[place.unit].slots[place.slot] else { return true }
        let before = spool.remain
        spool.left = max(0, spool.left - grams)
        if spool.remain != before { version += 1 }
        units[place.unit].slots[place.slot] = spool
        return spool.left > 0
    }

    /// Uses up the loaded spool at once.
    mutating func exhaust() {
        _ = consume(.infinity)
    }

    /// Puts a full spool where the loaded one is.
    mutating func refill(using random: inout SeededGenerator) {
        guard let place = place(of: now) else { return }
        units[place.unit].slots[place.slot] = .random(using: &random, full: true)
        version += 1
    }

    /// Lets all units that have a sensor be as wet as this, in percent.
    mutating func setHumidity(_ percent: Double) {
        for unit in units.indices { units[unit].humidity = percent }
        version += 1
    }

    /// Puts a tagged spool into the first slot, of which this part is left, 0 to 1.
    mutating func putSpool(left part: Double, using random: inout SeededGenerator) {
        guard !units.isEmpty, !units[0].slots.isEmpty else { return }
        units[0].slots[0] = .tagged(.basicPLA, left: part, using: &random)
        version += 1
    }

    /// What people do between prints: nearly empty spools are swapped, now and then another one is put in or out.
    mutating func tidyUp(using random: inout SeededGenerator) {
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

    /// Starts to dry in the unit with this id. Returns whether it can.
    mutating func dry(unit id: Int, celsius: Int, hours: Int) -> Bool {
        guard let index = units.firstIndex(where: { $0.id == id && $0.kind.canDry }) else { return false }
        let filament = units[index].slots.compactMap { $0 }.first?.filament.type ?? "PLA"
        units[index].drying = .init(target: celsius, hours: hours, filament: filament, left: Double(hours) * 3600)
        version += 1
        return true
    }

    mutating func dryFirst(celsius: Int, hours: Int) {
        guard let unit = units.first(where: { $0.kind.canDry }) else { return }
        _ = dry(unit: unit.id, celsius: celsius, hours: hours)
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
