extension Machine {
    /// A command to the printer, or a change of its parts.
    package enum Command: Sendable {
        /// Starts a job; ends the current one if there is one.
        case print(Job)
        case pause
        case resume
        case cancel
        case fail
        case runOut
        /// Dries in the unit with this id; does nothing if the unit cannot dry.
        case dry(unit: Int, celsius: Int, hours: Int)
        case dryFirst(celsius: Int, hours: Int)
        /// Opens, sets or changes a part.
        case fit(@Sendable (inout Fittings) -> Void)
        /// Sets the humidity of all AMS units, in percent.
        case setHumidity(Double)
        /// Puts a tagged spool with this fraction left, 0 to 1, into the first slot.
        case putSpool(left: Double)
        /// Lets the current print fail; starts a print first if the printer is idle.
        case failPrint
    }
}
