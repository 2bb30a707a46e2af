/// Something that is heated: a nozzle, the bed, the chamber.
package struct Heater: Sendable, Equatable {
    /// °C.
    package private(set) var temperature: Double
    /// °C, 0 is off.
    package var target = 0.0
    /// How fast it follows, in seconds for about two thirds of the way.
    private let inertia: Double
    /// Where it stays without heating, in °C.
    private let ambient: Double

    init(inertia: Double, ambient: Double) {
        self.inertia = inertia
        self.ambient = ambient
        temperature = ambient
    }

    mutating func advance(_ seconds: Double, random: inout SeededGenerator) {
        let goal = max(ambient, target)
        // Cooling takes five times as long as heating.
        let time = goal >= temperature ? inertia : inertia * 5
        temperature += (goal - temperature) * min(1, seconds / time) + (random.fraction() - 0.5) * 0.2
    }

    /// In steps of 1/32 °C, as P1 and A1 report it.
    var fine: Double { (temperature * 32).rounded() / 32 }
    /// In whole degrees, as X1 and H2 report it.
    var whole: Int { Int(temperature.rounded()) }
    /// Both in one number: the low half is measured, the high half wanted.
    var packed: Int { Int(target) << 16 | max(0, whole) }
}
