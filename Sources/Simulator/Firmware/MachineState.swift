extension Machine {
    /// Wire: `gcode_state`.
    package enum State: String, Sendable {
        case idle = "IDLE"
        case prepare = "PREPARE"
        case running = "RUNNING"
        case pause = "PAUSE"
        case finish = "FINISH"
        case failed = "FAILED"
    }
}
