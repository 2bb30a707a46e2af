/// A heater: a nozzle, the bed or the chamber.
package struct Heater: Sendable, Equatable {
    /// The current temperature, in °C.
    package private(set) var temperature: Double
    /// The target temperature in °C; 0 if off.
    package var target = 0.0
    /// The time constant, in seconds.
    private let inertia: Double
    /// The temperature without heating, in °C.
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

    /// The temperature in steps of 1/32 °C, as P1 and A1 report it.
    var fine: Double { (temperature * 32).rounded() / 32 }
    /// The temperature in whole degrees, as X1 and H2 report it.
    var whole: Int { Int(temperature.rounded()) }
    /// Both temperatures in one number: current in the low half, target in the high half.
    var packed: Int { Int(target) << 16 | max(0, whole) }
}
