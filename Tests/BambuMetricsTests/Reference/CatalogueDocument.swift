import BambuProtocol
import OpenMetrics

@testable import BambuMetrics

/// `docs/metrics.md`, written from the catalogue.
enum CatalogueDocument {
    static var text: String {
        var text = """
            # Metrics

            Written by `make docs` from the catalogue in `Sources/BambuMetrics`; a test fails when it is stale.

            A value that is not known is a missing series: never 0, -1 or NaN. Percent runs from 0 to 100. While a printer is
            down its telemetry is withdrawn; its link, its counters, `bambu_printer_info` and `bambu_firmware_module_info`
            stay.

            ## Printers

            Every series of a printer has the label `printer`: the configured name, or else the serial number. What describes
            it stands in `_info` series, to be joined:
            `bambu_ams_tray_remaining_percent * on (job, instance, printer, ams, tray) group_left (type, color) bambu_ams_tray_info`.


            """
        for group in Catalogue.printer { text += section(group.title, group.descriptors, level: "###") }
        text += "## The exporter\n\n"
        for group in Catalogue.exporter { text += section(group.title, group.descriptors, level: "###") }
        text += hidden
        text += """
            ## Not exported, and why

            Fields are paths below `print`, or of the section that they begin with; with a field goes what is below it and has no
            metric. `tray` is a slot (`ams.ams[].tray[]`) or an external spool (`vt_tray`, `vir_slot[]`).

            | what | why |
            |---|---|

            """
        for field in UnexportedField.all { text += "| \(field.what) | \(field.reason) |\n" }
        return text
    }

    private static var hidden: String {
        """
        ## Hidden health messages

        Printers list these codes, some of them for ever, and neither their screen nor the maker's software shows them. They have the level
        `hidden`. All but `HMS_0500_0100_0002_000B` stand in the maker's public catalogue of July 2026 without words. With the catalogue at
        hand (`fault_texts`), whatever it has no words for is hidden too.

        \(HiddenMessages.codes.map { "`\($0)`" }.joined(separator: ", "))


        """
    }

    private static func section(_ title: String, _ descriptors: [Descriptor], level: String) -> String {
        var text = "\(level) \(title)\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n"
        for metric in descriptors {
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            text += "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |\n"
        }
        return text + "\n"
    }
}
