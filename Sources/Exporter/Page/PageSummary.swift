import BambuMetrics
import BambuProtocol

/// Counts over all printers, for the title of the tab, its icon and the first line of the page.
struct PageSummary {
    private let total: Int
    private let reporting: Int
    /// Counts above 0 with their words, such as 2 and "printing".
    private let counts: [(count: Int, word: String)]
    private let worst: PrinterAttention.Kind?

    init(of printers: [PagePrinter]) {
        total = printers.count
        reporting = printers.count { $0.snapshot.link.isUp }
        let words = printers.compactMap(Self.word)
        counts = ["printing", "failed", "paused", "down", "finished"].map { word in
            (count: words.count { $0 == word }, word: word)
        }.filter { $0.count > 0 }
        worst = printers.compactMap(\.attention.worst).min()
    }

    /// The word that the printer is counted under; `nil` if it is not counted.
    private static func word(for printer: PagePrinter) -> String? {
        let job = printer.snapshot.state?.job
        let link = printer.snapshot.link
        return switch job?.state {
        case .pause: "paused"
        case .failed: job?.isCancelled == true ? nil : "failed"
        case .finish: "finished"
        case nil where !link.isUp && link.downReason != .starting: "down"
        default: printer.isActive ? "printing" : nil
        }
    }

    /// The title of the tab, such as `2 printing, 1 failed`.
    var title: String {
        if total == 0 { return "bambu_exporter" }
        return counts.isEmpty ? "\(total) idle" : counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    }

    var sentence: String {
        guard total > 0 else { return Remedy.noPrinters + "." }
        let reports = "\(reporting) of \(total) \(total == 1 ? "printer reports" : "printers report")"
        return ([reports] + counts.map { "\($0.count) \($0.word)" }).joined(separator: ", ") + "."
    }

    /// The icon of the tab, as an address that holds the picture: a triangle while a printer has a problem, a disc otherwise.
    var icon: Markup {
        let color: Markup =
            switch worst {
            case nil: counts.contains { $0.word == "printing" } ? "1769aa" : "6b757e"
            case .some(let worst): worst.style.text == "bad" ? "c62828" : "e08a00"
            }
        let shape: Markup =
            worst == nil
            ? "%3Ccircle cx='8' cy='8' r='7' fill='%23\(color)'/%3E"
            : "%3Cpath d='M8 0l8 15H0z' fill='%23\(color)'/%3E%3Cpath d='M7 5h2v5H7zm0 6h2v2H7z' fill='%23fff'/%3E"
        return "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\(shape)%3C/svg%3E"
    }
}
