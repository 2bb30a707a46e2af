extension Machine {
    /// A command to the printer, or a change of it.
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
        /// Dries in the first unit that can.
        case dryFirst(celsius: Int, hours: Int)
        case setDoor(open: Bool)
        case setLight(on: Bool)
        /// Switches the view over the local network on or off.
        case setLiveview(on: Bool)
        /// Opens, sets or changes a part of it.
        case fit(Fittings.Change)
        /// Lets all AMS units be as wet as this, in percent.
        case setHumidity(Double)
        /// Puts a tagged spool into the first slot, of which this part is left, 0 to 1.
        case putSpool(left: Double)
        /// Lets the present print fail; one begins for it where there is none.
        case spoil
    }
}
