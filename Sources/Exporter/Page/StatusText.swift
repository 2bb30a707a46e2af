import BambuMetrics
import BambuProtocol
import Platform

/// Writes numbers and states as text.
enum StatusText {
    static func number(_ value: Double) -> String {
        Int(exactly: value.rounded()).map(String.init) ?? "-"
    }

    /// A rate with at most two decimals, or one from 10 on.
    static func pictures(_ perSecond: Double) -> String {
        let digits = perSecond < 10 ? 100.0 : 10.0
        let rounded = (perSecond * digits).rounded() / digits
        let rate = Int(exactly: rounded).map(String.init) ?? "\(rounded)"
        return "\(rate) \(rate == "1" ? "picture" : "pictures") a second"
    }

    static func duration(_ seconds: Double) -> String {
        let minutes = Int(exactly: (max(0, seconds) / 60).rounded()) ?? 0
        if minutes >= 48 * 60 { return "\(minutes / 1440) d \(minutes % 1440 / 60) h" }
        return minutes >= 60 ? "\(minutes / 60) h \(minutes % 60) min" : "\(minutes) min"
    }

    /// The words of a name such as `heatbed_preheating`.
    static func words(of name: String) -> String { name.split(separator: "_").joined(separator: " ") }

    static func age(_ seconds: Double) -> String {
        seconds < 120 ? "\(number(max(0, seconds))) s ago" : "\(duration(seconds)) ago"
    }

    /// The first sentence of a text with its full stop and a capital, and all that follows with a full stop of its own.
    static func sentences(_ text: String) -> (first: String, rest: String) {
        let end = text.firstOccurrence(of: ". ")?.lowerBound ?? text.endIndex
        let first = text[..<end]
        let rest = text[end...].dropFirst(2)
        let stop = rest.last.map { ".?!".contains($0) ? "" : "." } ?? ""
        return (first.prefix(1).uppercased() + first.dropFirst() + ".", rest.isEmpty ? "" : " \(rest)\(stop)")
    }

    static func humidity(percent: Double) -> String {
        switch percent {
        case ...20: "dry"
        case ...AlertRules.humidityWarning: "fair"
        case ...AlertRules.humidityCritical: "damp"
        default: "wet"
        }
    }

    static func humidity(index: Int) -> String {
        switch index {
        case 5: "driest of five"
        case 4: "second driest of five"
        case 3: "middle of five"
        case 2: "second wettest of five"
        default: "wettest of five"
        }
    }

    static func nozzle(_ id: Int, of toolhead: Toolhead) -> String {
        guard toolhead.hasSeveral else { return "Nozzle" }
        guard toolhead.nozzles.count <= 2 else { return "Nozzle \(id)" }
        return id == 0 ? "Right nozzle" : "Left nozzle"
    }

    /// The kind of a unit and its name, such as `AMS 2 Pro B`.
    static func unit(_ unit: AMSUnit) -> String {
        switch unit.kind {
        case .lite: "AMS Lite \(unit.id.name)"
        case .pro: "AMS 2 Pro \(unit.id.name)"
        // Its name has HT in it.
        case .ht, .ams, nil: "AMS \(unit.id.name)"
        }
    }

    /// The name of the job's task; `nil` if it has none, or if names are not shown.
    static func task(_ job: Job, showsName: Bool) -> String? {
        showsName ? job.task.flatMap { $0.isEmpty ? nil : $0 } : nil
    }

    /// The job's name and how far it is, such as `Vase at 42 %`.
    static func job(_ job: Job, showsName: Bool) -> String {
        (task(job, showsName: showsName) ?? "a print") + (job.progress.map { " at \(number($0)) %" } ?? "")
    }

    /// The printer's state in one or two words, and the CSS class of its colour.
    static func status(of printer: PrinterSnapshot) -> (text: String, style: Markup) {
        guard let job = printer.state?.job else {
            if printer.link.isUp { return ("unknown", "calm") }
            return printer.link.downReason == .starting ? ("connecting", "calm") : ("down", "bad")
        }
        return switch job.state {
        case .idle: ("idle", "calm")
        case .prepare: ("preparing", "busy")
        case .slicing: ("slicing", "busy")
        case .running: ("printing", "busy")
        case .pause: ("paused", "warn")
        case .finish: ("finished", "good")
        case .failed: job.isCancelled ? ("cancelled", "calm") : ("failed", "bad")
        case .`init`: ("starting", "calm")
        case .offline: ("offline", "calm")
        case .unknown, nil: ("unknown", "calm")
        }
    }
}
