/// An AMS unit with its slots.
package struct AMSUnit: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case ams
        case amsLite = "ams_lite"
        case ams2Pro = "ams_2_pro"
        case amsHT = "ams_ht"

        package var slots: Int { self == .amsHT ? 1 : 4 }
        package var canDry: Bool { self == .ams2Pro || self == .amsHT }

        /// What printers report of a kind; `prefix` begins its serials, and `number` is a part of `info`.
        typealias Facts = (
            number: Int, prefix: String, module: String, hardware: String, firmware: String, product: String
        )

        var facts: Facts {
            switch self {
            case .ams: (1, "006", "ams", "AMS08", "00.00.06.50", "AMS")
            case .amsLite: (2, "03C", "ams_f1", "AMS_F102", "00.00.08.15", "AMS Lite")
            case .ams2Pro: (3, "19C", "n3f", "N3F05", "03.00.20.40", "AMS 2 Pro")
            case .amsHT: (4, "19F", "n3s", "N3S05", "03.00.20.40", "AMS HT")
            }
        }
    }

    package struct Drying: Sendable, Equatable {
        /// The target temperature, in °C.
        package let target: Int
        package let hours: Int
        package let filament: String
        /// The remaining time, in seconds.
        package var left: Double
    }

    package let kind: Kind
    /// The id on the wire: 0 to 3, from 128 for an AMS HT, 16 for the unit of an A2L.
    package let id: Int
    /// The nozzle that it feeds: 0 right or only, 1 left.
    package let nozzle: Int
    package var slots: [Spool?]
    /// The relative humidity in the unit, in percent.
    package var humidity: Double
    package var temperature: Double
    package var drying: Drying?

    init(kind: Kind, id: Int, nozzle: Int, random: inout SeededGenerator) {
        self.kind = kind
        self.id = id
        self.nozzle = nozzle
        // The first slot is always filled, so that every print has filament.
        slots = (0..<kind.slots).map { $0 == 0 || random.happens(0.8) ? .random(using: &random) : nil }
        humidity = random.number(in: 15...45)
        temperature = random.number(in: 23...29)
    }

    /// Returns the units of a printer, with the ids and nozzles that the model assigns.
    static func units(_ kinds: [Kind], of model: PrinterModel, random: inout SeededGenerator) -> [AMSUnit] {
        kinds.enumerated().map { index, kind in
            let number = kinds.prefix(index).count { ($0 == .amsHT) == (kind == .amsHT) }
            let id = kind == .amsHT ? 128 + number : model == .a2l ? 16 : number
            return AMSUnit(kind: kind, id: id, nozzle: index % model.facts.nozzles, random: &random)
        }
    }

    /// The value of `tray_now` for a slot of this unit.
    package func trayNumber(_ slot: Int) -> Int {
        id >= 128 ? id : id == 16 ? 24 + slot : id * 4 + slot
    }

    /// The slot word of a `tray_now` value: the unit in the high byte, its slot in the low byte.
    static func word(ofTray number: Int) -> Int {
        switch number {
        case 24...27: 16 << 8 | number & 3
        case 128...: number << 8
        default: (number >> 2) << 8 | number & 3
        }
    }

    /// The value of `humidity`: 5 is driest, 1 is wettest. An AMS Lite has no sensor and always reports 5.
    package var humidityIndex: Int {
        kind == .amsLite ? 5 : 1 + [20, 30, 40, 55].count { humidity < $0 }
    }

    /// Advances by `seconds`. Humidity rises slowly, and falls during drying.
    mutating func advance(_ seconds: Double, random: inout SeededGenerator) {
        if var drying {
            drying.left -= seconds
            temperature += (Double(drying.target) - temperature) * min(1, seconds / 900)
            humidity += (8 - humidity) * min(1, seconds / 7200)
            self.drying = drying.left > 0 ? drying : nil
        } else {
            temperature += (26 - temperature) * min(1, seconds / 3600)
            humidity += (42 - humidity) * min(1, seconds / 400_000) + (random.fraction() - 0.5) * 0.02
        }
    }
}
