/// The firmware of one printer: its reports and answers. It has no clock and no connection.
package struct SimulatedPrinter: Sendable {
    package let serial: String
    package private(set) var machine: Machine
    /// The number of the next report on P1 and A1; other models repeat one number.
    private var sequence = 100
    /// The content of the last report; `nil` before the first.
    private var lastContent: DeltaReport.Content?
    private var acknowledgements = 3000

    /// - Parameter units: if `nil`, the units that come with the model.
    package init(model: PrinterModel, serial: String, units: [AMSUnit.Kind]? = nil, seed: UInt64) {
        self.serial = serial
        machine = Machine(model: model, units: units, seed: seed)
    }

    private var isDelta: Bool { machine.model.facts.dialect == .delta }

    /// The interval between reports, as on a real printer.
    package var interval: Duration { isDelta ? .seconds(2) : .seconds(1) }

    /// Advances to `seconds` of simulated time since the printer was switched on.
    package mutating func advance(to seconds: Double) {
        machine.advance(to: seconds)
    }

    package mutating func apply(_ command: Machine.Command) {
        machine.apply(command)
    }

    /// Returns the next unrequested report; `nil` if nothing changed on a printer that sends deltas.
    package mutating func report() -> [UInt8]? {
        guard isDelta else { return fullReport() }
        let now = DeltaReport.Content(of: machine)
        // A delta needs an earlier report to compare with.
        guard let before = lastContent else {
            lastContent = now
            return nil
        }
        guard before != now else { return nil }
        lastContent = now
        var writer = JSONWriter(capacity: 512)
        DeltaReport(machine: machine, before: before, now: now, sequence: nextSequence()).write(to: &writer)
        return writer.bytes
    }

    /// Returns a complete report.
    package mutating func fullReport() -> [UInt8] {
        lastContent = isDelta ? DeltaReport.Content(of: machine) : nil
        var writer = JSONWriter(capacity: 16 << 10)
        FullReport(machine: machine, sequence: isDelta ? nextSequence() : 2021).write(to: &writer)
        return writer.bytes
    }

    private mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// Returns the answers to a client's request; empty if a printer would not answer.
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

    /// Returns the acknowledgement of an internal command, which printers publish on the report topic.
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
