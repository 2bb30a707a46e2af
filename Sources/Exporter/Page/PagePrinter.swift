import BambuMetrics
import BambuProtocol
import Platform

/// One printer as the page shows it.
struct PagePrinter {
    let snapshot: PrinterSnapshot
    let hints: Hints
    let attention: PrinterAttention
    let clock: LocalClock
    /// The address of the page with this printer's card.
    let address: String

    init(_ published: PrinterMailbox.Published, path: String, clock: LocalClock) {
        snapshot = published.snapshot
        hints = published.hints
        attention = PrinterAttention(of: snapshot, hints: hints, clock: clock)
        self.clock = clock
        address = "\(path)/?printer=\(snapshot.name.queryEscaped)"
    }

    /// Whether it has a card: a job is under way.
    var isActive: Bool {
        guard let state = snapshot.state?.job.state else { return false }
        return state.isActive || state == .slicing
    }

    /// The name, the account's name if it differs, the model, a note and the state.
    func header(note: String = "") -> Markup {
        let (status, style) = StatusText.status(of: snapshot)
        let given = snapshot.givenName
        let other: Markup? = given.isEmpty || given == snapshot.name ? nil : " <span class=\"dim\">\(given)</span>"
        return """
            <header><h3><a href="\(address)">\(snapshot.name)</a></h3>\(other) <span class="dim">\(snapshot.model.name)</span>
            <span class="note" title="\(note)">\(note)</span><span class="pill \(style)">\(status)</span></header>
            """
    }

    /// The temperatures of nozzles and bed, by name.
    func heaters(_ state: PrinterState) -> [(name: String, temperature: Temperature)] {
        let nozzles = state.toolhead.nozzles.map { nozzle in
            (name: StatusText.nozzle(nozzle.id, of: state.toolhead), temperature: nozzle.temperature)
        }
        return nozzles + [(name: "Bed", temperature: state.heaters.bed(of: snapshot.model))]
    }

    /// The AMS units with their spools, and the other spools as a line; `nil` if none of those is set or in use.
    func spools(_ form: (UnitSection) -> Markup) -> (units: [Markup], externals: Markup?) {
        guard let state = snapshot.spoolState else { return ([], nil) }
        let source = state.activeSource(on: snapshot.model)
        let externals = state.ams.externals
        let chips: [Markup] = externals.spools.compactMap { spool in
            let isActive = source == .external(spool.id)
            guard spool.tray.isSet || isActive else { return nil }
            let place = externals.label(of: spool.id)
            return SpoolView(place: place, tray: spool.tray, isTracking: false, isActive: isActive).chip
        }
        let line: Markup? = chips.isEmpty ? nil : "<span class=\"group\"><b>external</b> \(chips)</span>"
        return (state.ams.units.map { form(UnitSection(unit: $0, source: source)) }, line)
    }

    /// The CSS class of the worst problem's colour.
    var style: Markup? { attention.worst.map { " is-\($0.style)" } }

    var entry: Markup {
        let problems: [Markup] = attention.problems.map { problem in
            "<li><span class=\"tag \(problem.kind.style)\">\(problem.kind.label)</span> \(problem.text)</li>"
        }
        return """
            <article class="entry\(style)">
            <h3><a href="\(address)">\(snapshot.name)</a> <span class="dim">\(snapshot.model.name)</span></h3>
            <ul>\(problems)</ul></article>

            """
    }
}
