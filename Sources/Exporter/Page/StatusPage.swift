import BambuMetrics
import BambuProtocol

/// The page at `/`: a card for each printer. It is whole without a script, and loads nothing.
enum StatusPage {
    static func html(
        of printers: [PrinterMailbox.Published], exporter: ExporterSnapshot, path: String = "", telemetryPath: String,
        at now: Double
    ) -> String {
        let cards: [Markup] = printers.enumerated().map { place, printer in
            PrinterCard(place: place, printer: printer.snapshot, hints: printer.hints, now: now).html
        }
        let account = exporter.account.map { AccountNote(account: $0, now: now) }
        let page: Markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>bambu_exporter</title>
            <style>\(PageStyle.css)</style>
            </head>
            <body>
            <h1>bambu_exporter <small>\(exporter.version)</small></h1>
            \(account?.banner)
            <p class="summary">\(summary(of: printers.map(\.snapshot)))
            \(troubled(among: printers.map(\.snapshot)))</p>
            <main>
            \(cards)</main>
            \(account?.line)
            <p class="links"><a href="\(path + telemetryPath)">Metrics</a> <a href="\(path)/sd">Service discovery</a>
            <a href="\(path)/-/ready">Ready?</a></p>
            </body>
            </html>

            """
        return page.text
    }

    /// More than this nobody reads in a row.
    private static let troubledLimit = 20

    /// Ways to the printers that want somebody, where there are many.
    private static func troubled(among printers: [PrinterSnapshot]) -> Markup? {
        let troubled = printers.enumerated().filter { wantsSomebody($0.element) }
        guard printers.count > 3, !troubled.isEmpty else { return nil }
        let ways: [Markup] = troubled.prefix(troubledLimit).map { " <a href=\"#p\($0)\">\($1.name)</a>" }
        let more = troubled.count - ways.count
        return "Look at\(ways)\(more > 0 ? " and \(more) more" : "")."
    }

    private static func wantsSomebody(_ printer: PrinterSnapshot) -> Bool {
        guard let state = printer.state else { return printer.link.downReason != .starting }
        return state.job.state == .pause || state.job.state == .failed || (state.job.error ?? 0) != 0 || isIll(printer)
    }

    private static func isIll(_ printer: PrinterSnapshot) -> Bool {
        (printer.state?.hms ?? []).contains { message in
            let level = message.level(by: printer.faultTexts)
            return level == .fatal || level == .serious
        }
    }

    private static func summary(of printers: [PrinterSnapshot]) -> String {
        guard !printers.isEmpty else {
            return Remedy.noPrinters + "."
        }
        let up = printers.count { $0.link.isUp }
        var words = ["\(up) of \(printers.count) \(printers.count == 1 ? "printer reports" : "printers report")"]
        let states: [(Job.State, String)] = [
            (.running, "printing"), (.pause, "paused"), (.failed, "failed"), (.finish, "finished"),
        ]
        for (state, name) in states {
            let count = printers.count { $0.state?.job.state == state }
            if count > 0 { words.append("\(count) \(name)") }
        }
        let ill = printers.count(where: isIll)
        if ill > 0 { words.append("\(ill) with serious messages") }
        return words.joined(separator: ", ") + "."
    }
}
