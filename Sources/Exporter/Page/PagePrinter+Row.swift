import BambuMetrics
import BambuProtocol

/// The row of a printer without a job.
extension PagePrinter {
    /// The name, the state and the spools of each unit, in one compact row.
    var row: Markup {
        """
        <article class="row\(style)">\(header(note: note))\(spoolLine)</article>

        """
    }

    /// °C from which a part is too hot to touch.
    private static let hot = 50.0

    private var note: String {
        var notes: [String] = []
        if !snapshot.link.isUp {
            if let last = snapshot.printer.lastReport, let time = clock.text(last) {
                notes.append("gone since \(time)")
            }
        } else if let state = snapshot.state {
            notes += temperatures(state) + Self.job(state.job, showsName: snapshot.showsJobs)
            if let camera = snapshot.camera, camera.picture == nil, hints.camera != nil {
                notes.append("no camera picture")
            }
        }
        return notes.joined(separator: " · ")
    }

    private static func job(_ job: Job, showsName: Bool) -> [String] {
        switch job.state {
        case .finish: StatusText.task(job, showsName: showsName).map { [$0] } ?? []
        case .failed: [StatusText.job(job, showsName: showsName)]
        default: []
        }
    }

    private func temperatures(_ state: PrinterState) -> [String] {
        heaters(state).compactMap { name, temperature in
            guard let measured = temperature.measured, measured >= Self.hot else { return nil }
            return "\(name.lowercased()) \(StatusText.number(measured)) °C"
        }
    }

    /// The spools of each unit, in one line.
    var spoolLine: Markup? {
        let (units, externals) = spools(\.line)
        return units.isEmpty && externals == nil ? nil : "<p class=\"spools\">\(units)\(externals)</p>"
    }
}
