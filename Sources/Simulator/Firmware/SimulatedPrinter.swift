/// The firmware of one printer: its reports and answers. It has no clock and no connection.
package struct SimulatedPrinter: Sendable {
    package let serial: String
    package private(set) var machine: Machine
    /// The number of the next report on P1 and A1; other models repeat one number.
    private var sequence = 100
    /// The last report of a printer that sends deltas; `nil` before the first.
    private var lastReport: DeltaReport?
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
        let now = DeltaReport(of: machine)
        defer { lastReport = now }
        // A delta needs an earlier report to compare with.
        guard let changes = lastReport.map(now.changes), !changes.isEmpty else { return nil }
        let text: JSONText = """
            {"print":{\(changes),"command":"push_status","msg":1,"sequence_id":"\(nextSequence())"}}
            """
        return text.bytes
    }

    package mutating func fullReport() -> [UInt8] {
        lastReport = isDelta ? DeltaReport(of: machine) : nil
        return FullReport(machine: machine, sequence: isDelta ? nextSequence() : 2021).text.bytes
    }

    private mutating func nextSequence() -> Int {
        sequence += 1
        return sequence
    }

    /// Returns the answers to a client's request; empty if a printer would not answer.
    package mutating func answers(to request: SimulatedRequest) -> [[UInt8]] {
        switch request.command {
        case "info.get_version":
            [VersionAnswer(machine: machine, serial: serial, sequence: request.sequence).text.bytes]
        case "pushing.pushall", "pushing.start": [fullReport()]
        default: []
        }
    }

    /// Returns the acknowledgement of an internal command, which printers publish on the report topic.
    package mutating func acknowledgement() -> [UInt8] {
        acknowledgements += 1
        let text: JSONText = """
            {"print":{"command":"gcode_line","result":"SUCCESS","reason":"SUCCESS","sequence_id":"\(acknowledgements)"}}
            """
        return text.bytes
    }
}
