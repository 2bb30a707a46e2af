import BambuMetrics
import BambuProtocol

/// One printer as the page shows it.
struct PagePrinter {
    let snapshot: PrinterSnapshot
    let hints: Hints
    let attention: PrinterAttention
    let clock: LocalClock
    /// The address of the page with this printer's card.
    let address: String

    init(_ published: PrinterMailbox.Published, path: String, rules: AlertRules, clock: LocalClock) {
        snapshot = published.snapshot
        hints = published.hints
        attention = PrinterAttention(of: snapshot, hints: hints, rules: rules, clock: clock)
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

    /// The CSS class of the worst problem's colour.
    var style: Markup? { attention.worst.map { " is-\($0.style)" } }

    /// The entry in the list of problems.
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
