import BambuMetrics
import BambuProtocol

/// The page at `/`: printers with a problem first, then a card for each printer with a job, then a row for each other
/// printer.
///
/// It has no script and loads nothing. The browser reloads it every ten seconds and keeps the scroll position if the
/// URL has no fragment. Therefore links to a printer are queries.
enum StatusPage {
    /// - Parameters:
    ///   - path: the prefix of every path.
    ///   - opened: the name of the printer whose card comes first.
    ///   - now: in seconds since 1970.
    static func html(
        of published: [PrinterMailbox.Published], exporter: ExporterSnapshot, path: String = "", telemetryPath: String,
        opened: String? = nil, at now: Double
    ) -> String {
        let clock = LocalClock(now: now)
        let printers = published.map { PagePrinter($0, path: path, clock: clock) }
        let open = printers.first { $0.snapshot.name == opened }
        let others = printers.filter { $0.address != open?.address }
        let summary = PageSummary(of: printers)
        let account = exporter.account.map { AccountNote(account: $0, now: now) }
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>\(summary.title)</title>
            <link rel="icon" href="\(summary.icon)">
            <style>\(PageStyle.css)</style>
            </head>
            <body>
            <header class="top"><h1>bambu_exporter <small>\(exporter.version)</small></h1>
            <p>\(summary.sentence) <span class="dim">\(clock.text(now) ?? "")</span></p></header>
            \(account?.banner)
            <main>
            \(open.map { card(of: $0, path) })\(attention(printers))\(sections(others, isBrief: isBrief(printers)))</main>
            \(account?.line)
            <p class="links"><a href="\(path + telemetryPath)">Metrics</a> <a href="\(path)/sd">Service discovery</a>
            <a href="\(path)/-/ready">Ready?</a></p>
            </body>
            </html>

            """
        return page.text
    }

    private static func card(of printer: PagePrinter, _ path: String) -> Markup {
        """
        <h2>\(printer.snapshot.name) <small><a href="\(path)/">close</a></small></h2>
        <div class="cards">\(printer.card)</div>

        """
    }

    /// More printers with a problem are counted, not listed; their rows are coloured all the same.
    private static let attentionLimit = 50

    private static func attention(_ printers: [PagePrinter]) -> Markup? {
        let troubled = printers.compactMap { printer in
            printer.attention.worst.map { (kind: $0, printer: printer) }
        }.sorted { $0.kind < $1.kind }
        guard !troubled.isEmpty else { return nil }
        let entries: [Markup] = troubled.prefix(attentionLimit).map(\.printer.entry)
        let more = troubled.count - entries.count
        let rest: Markup? = more > 0 ? "<p class=\"dim\">and \(more) more</p>" : nil
        return """
            <h2>Needs attention <small>\(troubled.count)</small></h2>
            <div class="entries">
            \(entries)</div>\(rest)

            """
    }

    /// Whether full cards would make the page longer than two screens, or five of a phone. A full card takes as much room as four rows.
    private static func isBrief(_ printers: [PagePrinter]) -> Bool {
        printers.count + 3 * printers.count(where: \.isActive) > 44
    }

    private static func sections(_ printers: [PagePrinter], isBrief: Bool) -> Markup {
        let active = printers.filter(\.isActive)
        let cards: [Markup] = active.map(isBrief ? \.briefCard : \.card)
        let rows: [Markup] = printers.filter { !$0.isActive }.map(\.row)
        return "\(section("Printing", "cards", cards))\(section("Not printing", "rows", rows))"
    }

    private static func section(_ title: String, _ layout: Markup, _ pieces: [Markup]) -> Markup? {
        guard !pieces.isEmpty else { return nil }
        return "<h2>\(title) <small>\(pieces.count)</small></h2>\n<div class=\"\(layout)\">\n\(pieces)</div>\n"
    }
}
