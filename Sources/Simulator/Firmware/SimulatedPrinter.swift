/// The firmware of one printer: what it sends and what it answers. It reads no clock and has no connection.
package struct SimulatedPrinter: Sendable {
    package let serial: String
    package private(set) var machine: Machine
    /// The number of the next report on P1 and A1; all others repeat one number for ever.
    private var sequence = 100
    /// What the last report told; `nil` before the first.
    private var told: DeltaReport.Content?
    private var acknowledgements = 3000

    /// - Parameter units: `nil` for those that come with the model.
    package init(model: PrinterModel, serial: String, units: [AMSUnit.Kind]? = nil, seed: UInt64) {
        self.serial = serial
        machine = Machine(model: model, units: units, seed: seed)
    }

    private var isDelta: Bool { machine.model.facts.dialect == .delta }

    /// How long from one report to the next, as on a real one.
    package var interval: Duration { isDelta ? .seconds(2) : .seconds(1) }

    /// Lets time go by up to `seconds` of simulated time since the printer was switched on.
    package mutating func advance(to seconds: Double) {
        machine.advance(to: seconds)
    }

    package mutating func apply(_ command: Machine.Command) {
        machine.apply(command)
    }

    /// What it says by itself now; `nil` where nothing changed on a printer that sends changes.
    package mutating func report() -> [UInt8]? {
        guard isDelta else { return fullReport() }
        let now = DeltaReport.Content(of: machine)
        // Before anybody has asked for all of it there is nothing to tell changes from.
        guard let before = told else {
            told = now
            return nil
        }
        guard before != now else { return nil }
        told = now
        var writer = JSONWriter(capacity: 512)
        DeltaReport(machine: machine, before: before, now: now, sequence: nextSequence()).write(to: &writer)
        return writer.bytes
    }

    /// All there is to say.
    package mutating func fullReport() -> [UInt8] {
        told = isDelta ? DeltaReport.Content(of: machine) : nil
        var writer = JSONWriter(capacity: 16 << 10)
        FullReport(machine: machine, sequence: isDelta ? nextSequence() : 2021).write(to: &writer)
        return writer.bytes
    }

    private mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// The answers to a client's request; none for what a printer would not answer.
    package mutating func answers(to request: SimulatedRequest) -> [[UInt8]] {
        switch request.command {
        case "info.get_version":
            var writer = JSONWriter(capacity: 4 << 10)
            VersionAnswer(machine: machine, serial: serial, sequence: request.sequence).write(to: &writer)
            return [writer.bytes]
        case "pushing.pushall", "pushing.start":
            return [fullReport()]
        default:
            return []
        }
    }

    /// What a printer says about its own commands to itself, on the topic of the reports.
    package mutating func acknowledgement() -> [UInt8] {
        acknowledgements += 1
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.object("print") { writer in
                writer.field("command", "gcode_line")
                writer.field("result", "SUCCESS")
                writer.field("reason", "SUCCESS")
                writer.quoted("sequence_id", acknowledgements)
            }
        }
        return writer.bytes
    }
}
