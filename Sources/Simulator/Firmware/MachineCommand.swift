extension Machine {
    /// Something somebody does to the printer.
    package enum Command: Sendable, Equatable {
        /// Starts a job; ends the present one where there is one.
        case print(Job)
        case pause
        case resume
        case cancel
        case fail
        case runOut
        /// Dries in the unit with this id; a kind that cannot dry does nothing.
        case dry(unit: Int, celsius: Int, hours: Int)
        case setDoor(open: Bool)
        case setLight(on: Bool)
        /// Switches the view over the local network on or off.
        case setLiveview(on: Bool)
    }
}
