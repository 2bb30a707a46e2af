import BambuMetrics
import BambuProtocol

/// A printer without a job, in one compact row: name, state, and the spools of each unit.
struct PrinterRow {
    let printer: PagePrinter

    var html: Markup {
        """
        <article class="row\(printer.style)">\(printer.header(note: note))\(spools)</article>

        """
    }

    /// °C from which a part is too hot to touch.
    private static let hot = 50.0

    private var note: String {
        var notes: [String] = []
        if !printer.snapshot.link.isUp {
            if let last = printer.snapshot.printer.lastReport, let time = printer.clock.text(last) {
                notes.append("gone since \(time)")
            }
        } else if let state = printer.snapshot.state {
            notes += temperatures(state) + Self.job(state.job, showsName: printer.snapshot.showsJobs)
            if let camera = printer.snapshot.camera, camera.picture == nil, printer.hints.camera != nil {
                notes.append("no camera picture")
            }
        }
        return notes.joined(separator: " · ")
    }

    private static func job(_ job: Job, showsName: Bool) -> [String] {
        switch job.state {
        case .finish: showsName ? job.task.flatMap { $0.isEmpty ? nil : [$0] } ?? [] : []
        case .failed: [StatusText.job(job, showsName: showsName)]
        default: []
        }
    }

    private func temperatures(_ state: PrinterState) -> [String] {
        let nozzles = state.toolhead.nozzles.map {
            (StatusText.nozzle($0.id, of: state.toolhead).lowercased(), $0.temperature)
        }
        return (nozzles + [("bed", state.heaters.bed(of: printer.snapshot.model))]).compactMap { name, temperature in
            guard let measured = temperature.measured, measured >= Self.hot else { return nil }
            return "\(name) \(StatusText.number(measured)) °C"
        }
    }

    private var spools: Markup? {
        guard let state = printer.snapshot.spoolState else { return nil }
        let source = state.activeSource(on: printer.snapshot.model)
        let units: [Markup] = state.ams.units.map { UnitSection(unit: $0, source: source).line }
        let externals = ExternalSpoolLine(spools: state.ams.externals, source: source).html
        return units.isEmpty && externals == nil ? nil : "<p class=\"spools\">\(units)\(externals)</p>"
    }
}
