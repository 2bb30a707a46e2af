import BambuMetrics
import BambuProtocol

/// The problems of one printer, worst first: what its alerts would be about, without their waits.
struct PrinterAttention {
    /// In the order of the page, worst first.
    enum Kind: Comparable {
        case lost, failed, error, fatal, paused, serious, down, wet, spoolInUse, damp, spoolLow

        /// The word before the problem.
        var label: String {
            switch self {
            case .lost, .failed, .error, .fatal, .paused, .serious, .down, .wet, .damp: "\(self)"
            case .spoolInUse, .spoolLow: "spool"
            }
        }

        /// The CSS class of its colour.
        var style: Markup {
            switch self {
            case .lost, .failed, .error, .fatal, .serious, .down, .wet: "bad"
            case .paused, .spoolInUse, .damp, .spoolLow: "warn"
            }
        }
    }

    private(set) var problems: [(kind: Kind, text: Markup)] = []
    private let printer: PrinterSnapshot

    init(of printer: PrinterSnapshot, hints: Hints, clock: LocalClock) {
        self.printer = printer
        addLink(hints, clock)
        if let state = printer.state {
            addJob(state.job)
            addMessages(state.hms ?? [])
        }
        if let state = printer.spoolState {
            addHumidity(of: state.ams.units)
            addSpools(of: state)
        }
        // The sort is stable: problems of one kind stay in the order in which they were found.
        problems.sort { $0.kind < $1.kind }
    }

    var worst: Kind? { problems.first?.kind }

    /// More messages of one printer are not listed.
    private static let messageLimit = 4

    private mutating func add(_ kind: Kind, _ text: Markup) {
        problems.append((kind, text))
    }

    private mutating func addLink(_ hints: Hints, _ clock: LocalClock) {
        guard !printer.link.isUp, printer.link.downReason != .starting else { return }
        let outage = Outage(printer: printer, hints: hints, clock: clock)
        add(outage.isWhilePrinting ? .lost : .down, outage.html)
    }

    private mutating func addJob(_ job: Job) {
        let name = StatusText.job(job, showsName: printer.showsJobs)
        if job.state == .failed, !job.isCancelled { add(.failed, "\(name)") }
        if job.state == .pause {
            let stage = job.stageName.map { $0.hasPrefix("paused_") ? String($0.dropFirst("paused_".count)) : $0 }
            let reason = stage.map { ": " + StatusText.words(of: $0) } ?? ""
            add(.paused, "\(name)\(reason)")
        }
        // An idle printer still reports the last error.
        if let error = job.error, error != 0, job.state != .idle, !AlertRules.ignores(PrintError.text(of: error)) {
            add(.error, FaultText.html(ofError: error, printer.faultTexts))
        }
    }

    private mutating func addMessages(_ messages: [HMSMessage]) {
        let grave = messages.filter { message in
            let level = message.level(by: printer.faultTexts)
            return (level == .fatal || level == .serious) && !AlertRules.ignores(message.code)
        }
        for message in grave.prefix(Self.messageLimit) {
            add(message.level == .fatal ? .fatal : .serious, FaultText.html(of: message, printer.faultTexts))
        }
        if grave.count > Self.messageLimit { add(.serious, "\(grave.count - Self.messageLimit) more messages") }
    }

    /// A unit that dries or has no spool is left out, as in the rules.
    private mutating func addHumidity(of units: [AMSUnit]) {
        var wet: [String] = []
        var damp: [String] = []
        var dampByIndex: [String] = []
        for unit in units where (unit.drying.minutes ?? 0) == 0 && unit.slots.contains(where: \.isPresent) {
            if let percent = unit.humidityRaw {
                guard percent > AlertRules.humidityWarning else { continue }
                let text = "\(StatusText.unit(unit)) \(StatusText.number(percent)) %"
                if percent > AlertRules.humidityCritical { wet.append(text) } else { damp.append(text) }
            } else if let index = unit.humidityIndex, index <= AlertRules.dampIndex {
                dampByIndex.append("\(StatusText.unit(unit)) \(StatusText.humidity(index: index))")
            }
        }
        if !wet.isEmpty { add(.wet, "\(Self.above(AlertRules.humidityCritical))\(wet.joined(separator: ", "))") }
        if !damp.isEmpty { add(.damp, "\(Self.above(AlertRules.humidityWarning))\(damp.joined(separator: ", "))") }
        if !dampByIndex.isEmpty { add(.damp, "Humidity: \(dampByIndex.joined(separator: ", "))") }
    }

    private static func above(_ percent: Double) -> String {
        "Humidity above \(StatusText.number(percent)) %: "
    }

    private mutating func addSpools(of state: PrinterState) {
        let source = state.activeSource(on: printer.model)
        var low: [String] = []
        for unit in state.ams.units where unit.isTracking {
            for (index, slot) in unit.slots.enumerated() where slot.isPresent {
                guard let left = slot.tray.remaining, left < AlertRules.filamentLow else { continue }
                let text = "\(unit.id.label(slot: index)) \(slot.tray.type)"
                let isInUse = source == .slot(unit: unit.id, slot: index) && state.job.state?.isActive == true
                if isInUse, left < AlertRules.filamentInUse {
                    add(.spoolInUse, "\(text) feeds the print and has \(StatusText.number(left)) % left.")
                } else {
                    low.append("\(text) \(StatusText.number(left)) %")
                }
            }
        }
        if !low.isEmpty { add(.spoolLow, "Nearly empty: \(low.joined(separator: ", ")).") }
    }
}
