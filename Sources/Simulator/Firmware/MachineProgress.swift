/// What follows from the state of a machine.
extension Machine {
    /// The nozzle that prints: that of the loaded unit.
    package var activeNozzle: Int { filament.loaded.map { $0.unit.nozzle } ?? 0 }
    /// The layer it is at; the last one after a print that finished.
    package var layer: Int { job.map { state == .finish ? $0.layers : Int(part * Double($0.layers)) } ?? 0 }
    /// How much of the job is printed.
    package var percent: Int { state == .finish ? 100 : Int(part * 100) }
    /// Until the job is done; 0 while nothing is printed.
    package var remainingMinutes: Int {
        guard let job, state == .running || state == .pause else { return 0 }
        return Int(((1 - part) * job.seconds / 60).rounded(.up))
    }
    /// Whether filament comes out of a nozzle now.
    package var isPrinting: Bool { state == .running && stage == .printing }
    /// The printer's own idea of the time, in seconds since 1970: it was switched on as 2026 began.
    package var clock: Int { 1_767_225_600 + Int(uptime) }
}
