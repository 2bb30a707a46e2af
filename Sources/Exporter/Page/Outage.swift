import BambuMetrics
import BambuProtocol

/// Why a printer that is down is down, since when, and what it did last.
struct Outage {
    let printer: PrinterSnapshot
    let hints: Hints
    let clock: LocalClock

    /// Whether a job was under way in the last report.
    var isWhilePrinting: Bool { printer.printer.lastJob?.state?.isActive == true }

    var html: Markup {
        // The session's own message is more detailed than the reason alone.
        let text = hints.link ?? Remedy.text(for: printer.link.downReason, transport: printer.transport)
        let (problem, rest) = StatusText.sentences(text)
        return "\(job)\(since)<strong>\(problem)</strong>\(rest)"
    }

    private var job: Markup? {
        guard isWhilePrinting, let job = printer.printer.lastJob else { return nil }
        let name = StatusText.job(job, showsName: printer.showsJobs)
        return "It was \(job.state == .pause ? "paused" : "printing"): \(name). "
    }

    /// When the last report came; `nil` before the first.
    private var since: Markup? {
        guard let last = printer.printer.lastReport, let time = clock.text(last) else { return nil }
        return "Gone since \(time), \(StatusText.age(clock.now - last)). "
    }
}
