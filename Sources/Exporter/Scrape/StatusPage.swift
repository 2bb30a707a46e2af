import BambuMetrics
import BambuProtocol

/// The page at `/`: a plain table of the printers. Everything that comes from outside is escaped.
enum StatusPage {

    static func html(
        of printers: [PrinterSnapshot], exporter: ExporterSnapshot, telemetryPath: String, at now: Double
    ) -> String {
        let up = printers.count { $0.link.isUp }
        let rows = printers.map { row(of: $0, at: now) }.joined(separator: "\n")
        let table =
            printers.isEmpty
            ? "<p>No printer is configured.</p>"
            : """
            <table>
            <thead><tr>\(columns.map { "<th>\($0)</th>" }.joined())</tr></thead>
            <tbody>
            \(rows)
            </tbody>
            </table>
            """
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>bambu_exporter</title>
            <style>\(style)</style>
            </head>
            <body>
            <h1>bambu_exporter <small>\(escaped(exporter.version))</small></h1>
            <p>\(up) of \(printers.count) printers report. <a href="\(escaped(telemetryPath))">Metrics</a> ·
            <a href="/sd">Service discovery</a> · <a href="/-/ready">Ready?</a></p>
            \(table)
            \(AccountNote.html(of: exporter, at: now))
            </body>
            </html>

            """
    }

    private static let columns = [
        "Printer", "Model", "Link", "State", "Progress", "Left", "Nozzle", "Bed", "AMS", "Health",
    ]

    private static let style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem;max-width:90rem}\
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;\
        border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}small{font-weight:normal;opacity:.7}\
        .down{color:#c62828}.up{color:#2e7d32}@media(prefers-color-scheme:dark){.down{color:#ef9a9a}.up{color:#a5d6a7}}\
        .slot{display:inline-block;margin:0 .5rem .25rem 0;white-space:nowrap}.swatch{display:inline-block;width:.9em;\
        height:.9em;border:1px solid;vertical-align:-.1em;margin-right:.3em}@media(max-width:50rem){thead{display:none}\
        td{display:block;border:0;padding:.1rem 0}td::before{content:attr(data-label) " ";opacity:.7;display:inline-block;\
        width:6rem;vertical-align:top}td:empty{display:none}tr{display:block;padding:1rem 0;border-bottom:1px solid}}
        """

    private static func row(of printer: PrinterSnapshot, at now: Double) -> String {
        let state = printer.state
        let job = state?.job
        let cells = [
            "<strong>\(escaped(printer.name))</strong>" + givenName(of: printer), escaped(printer.model.name),
            link(of: printer, at: now),
            escaped(job?.state.map(\.rawValue) ?? "") + (printer.showsJobs ? task(of: job) : ""),
            job?.progress.map { number($0) + " %" } ?? "",
            job?.remainingSeconds.map(duration) ?? "",
            (state?.toolhead.nozzles ?? []).map { heat($0.temperature) }.joined(separator: "<br>"),
            heat(state?.heating.bed), units(of: printer.spoolState), health(of: state),
        ]
        return "<tr>" + zip(columns, cells).map { "<td data-label=\"\($0)\">\($1)</td>" }.joined() + "</tr>"
    }

    private static func link(of printer: PrinterSnapshot, at now: Double) -> String {
        guard printer.link.isUp else {
            return "<span class=\"down\">down: \(escaped(printer.link.downReason.label))</span>"
        }
        let age = printer.printer.lastReport.map { ", last report \(number(max(0, (now - $0).rounded()))) s ago" } ?? ""
        return "<span class=\"up\">up</span>\(age)"
    }

    /// The account's name for the printer, where it is another one.
    private static func givenName(of printer: PrinterSnapshot) -> String {
        let name = printer.givenName
        return name.isEmpty || name == printer.name ? "" : "<br><small>\(escaped(name))</small>"
    }

    private static func task(of job: Job?) -> String {
        guard let task = job?.task, !task.isEmpty else { return "" }
        return "<br><small>\(escaped(task))</small>"
    }

    private static func heat(_ temperature: Temperature?) -> String {
        guard let measured = temperature?.measured else { return "" }
        let target = temperature?.target.map { $0 > 0 ? " of \(number($0))" : "" } ?? ""
        return "\(number(measured.rounded()))\(target) °C"
    }

    private static func units(of state: PrinterState?) -> String {
        (state?.ams.units ?? []).map { unit in
            let humidity =
                unit.humidityRaw.map { "humidity \(number($0)) %" }
                ?? unit.humidityIndex.map { "humidity index \($0), 5 is driest" }
            let slots = unit.slots.enumerated().filter(\.element.isPresent).map { slot(of: $1, in: unit) }.joined()
            return "<div>\(humidity.map { $0 + "<br>" } ?? "")\(slots)</div>"
        }.joined()
    }

    private static func slot(of slot: AMSUnit.Slot, in unit: AMSUnit) -> String {
        let tray = slot.tray
        let left = unit.isTracking ? tray.remaining.map { "\(number($0)) %" } ?? "not tracked" : "not tracked"
        let swatch =
            tray.color.isEmpty ? "" : "<span class=\"swatch\" style=\"background:#\(escaped(tray.color))\"></span>"
        return "<span class=\"slot\">\(swatch)\(escaped(tray.type.isEmpty ? "unknown" : tray.type)) \(left)</span>"
    }

    private static func health(of state: PrinterState?) -> String {
        let messages = (state?.hms ?? []).prefix(5).map { "\(escaped($0.level.name)): \(escaped($0.code))" }
        let error = state?.job.error.flatMap { $0 == 0 ? nil : "error \(PrintError.text(of: $0))" }
        return ([error].compactMap { $0 } + messages).joined(separator: "<br>")
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func duration(_ seconds: Double) -> String {
        let minutes = Int(exactly: (seconds / 60).rounded()) ?? 0
        return minutes >= 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes) min"
    }

    /// A text that cannot be taken for markup.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
