extension Machine {
    /// The nozzle that prints: the one that the loaded unit feeds.
    package var activeNozzle: Int { filament.loaded.map { $0.unit.nozzle } ?? 0 }
    /// The current layer; the last one after a finished print.
    package var layer: Int { job.map { state == .finish ? $0.layers : Int(part * Double($0.layers)) } ?? 0 }
    package var percent: Int { state == .finish ? 100 : Int(part * 100) }
    /// Minutes until the job ends; 0 if nothing is printing.
    package var remainingMinutes: Int {
        guard let job, state == .running || state == .pause else { return 0 }
        return Int(((1 - part) * job.seconds / 60).rounded(.up))
    }
    package var isPrinting: Bool { state == .running && stage == .printing }
    /// The printer's clock, in seconds since 1970; it starts at the beginning of 2026.
    package var clock: Int { 1_767_225_600 + Int(uptime) }
}
