import BambuMetrics
import BambuProtocol

/// One printer on the page.
struct PrinterCard {
    /// Among the cards, from 0.
    let place: Int
    let printer: PrinterSnapshot
    let hints: Hints
    /// In seconds since 1970.
    let now: Double

    var html: Markup {
        """
        <article id="p\(place)" class="card\(printer.link.isUp ? "" : " is-down")">
        <header><h2>\(printer.name)</h2><span class="model">\(printer.model.name)</span>\(pill)</header>
        \(givenName)\(link)\(job)\(temperatures)\(spools)\(camera)\(health)\(foot)
        </article>

        """
    }

    private var pill: Markup {
        guard let state = printer.state?.job.state ?? (printer.link.isUp ? .unknown : nil) else {
            return "<span class=\"pill down\">down</span>"
        }
        let kind =
            switch state {
            case .running, .prepare, .slicing: "busy"
            case .pause: "warn"
            case .failed: "down"
            case .finish: "good"
            default: "calm"
            }
        return "<span class=\"pill \(kind)\">\(Words.state(state))</span>"
    }

    /// The account's name, where it is another one.
    private var givenName: Markup? {
        let name = printer.givenName
        return name.isEmpty || name == printer.name ? nil : "<p class=\"task\">\(name)</p>"
    }

    private var link: Markup? {
        guard !printer.link.isUp else { return nil }
        let reason = printer.link.downReason
        // What the session found says more than the kind of what it found.
        let text = hints.link ?? Remedy.text(for: reason, transport: printer.transport) ?? Words.reason(reason)
        let (problem, rest) = Words.sentences(text)
        let last = printer.printer.lastReport.map { " Last report \(Words.age(now - $0))." } ?? ""
        return """
            <p class="problem"><strong>\(problem)</strong>\(rest)\(last)</p>
            """
    }

    private var job: Markup? {
        guard let job = printer.state?.job else { return nil }
        let task = printer.showsJobs ? job.task.flatMap { $0.isEmpty ? nil : $0 } : nil
        let name: Markup? = task.map { "<p class=\"task\">\($0)</p>" }
        guard let progress = job.progress, job.state?.isActive == true || job.state == .finish else { return name }
        var words = ["\(Words.number(progress)) %"]
        if let left = job.remainingSeconds { words.append("\(Words.duration(left)) left") }
        if let layer = job.layer, let layers = job.layers, layers > 0 { words.append("layer \(layer) of \(layers)") }
        if let stage = job.stageName, stage != "printing" { words.append(stage.replacing("_", with: " ")) }
        let width = Int(min(max(progress, 0), 100))
        return """
            \(name)<div class="bar" role="progressbar" aria-valuenow="\(width)" aria-valuemin="0" aria-valuemax="100"
            aria-label="progress"><span style="width:\(width)%"></span></div>
            <p class="under">\(words.joined(separator: " · "))</p>
            """
    }

    private var temperatures: Markup? {
        guard let state = printer.state else { return nil }
        var pairs: [(String, Temperature)] = state.toolhead.nozzles.map { nozzle in
            (Words.nozzle(nozzle.id, of: state.toolhead), nozzle.temperature)
        }
        pairs += [("Bed", state.heating.bed(of: printer.model)), ("Chamber", state.heating.chamber(of: printer.model))]
        let items: [Markup] = pairs.compactMap { name, temperature in
            guard let measured = temperature.measured else { return nil }
            let target = temperature.target.flatMap { $0 > 0 ? " / \(Words.number($0))" : nil } ?? ""
            return "<div><dt>\(name)</dt><dd>\(Words.number(measured))\(target) °C</dd></div>"
        }
        return items.isEmpty ? nil : "<dl class=\"values\">\(items)</dl>"
    }

    private var spools: Markup? {
        guard let ams = printer.spoolState?.ams else { return nil }
        let units: [Markup] = ams.units.map { SpoolList(unit: $0).html }
        let outside: [Markup] = ams.externals.spools.filter(\.tray.isSet).map { external in
            SpoolList.slot(ams.externals.label(of: external.id), external.tray, isTracking: false)
        }
        let external: Markup? =
            outside.isEmpty
            ? nil : "<section class=\"unit\"><h3>External spool</h3><ul class=\"slots\">\(outside)</ul></section>"
        return "\(units)\(external)"
    }

    private var camera: Markup? {
        guard printer.link.isUp, let camera = printer.camera else { return nil }
        if let picture = camera.picture {
            var words: [String] = []
            if let rate = picture.framesPerSecond { words.append("\(Words.rate(rate)) pictures a second") }
            if let width = picture.width, let height = picture.height { words.append("\(width) × \(height)") }
            let frozen: Markup? = picture.isFrozen == true ? " <strong>the picture stands still</strong>" : nil
            return "<p class=\"line\"><span>Camera</span> \(words.joined(separator: ", "))\(frozen)</p>"
        }
        return hints.camera.map { hint in
            let (problem, rest) = Words.sentences(hint)
            return "<p class=\"line problem\"><span>Camera</span> <strong>\(problem)</strong>\(rest)</p>"
        }
    }

    private var health: Markup? {
        var lines: [Markup] = []
        if let error = printer.state?.job.error, error != 0 {
            let text = printer.faultTexts?.text(ofError: error) ?? ""
            lines.append(
                "<li class=\"serious\">Error <code>\(PrintError.text(of: error))</code> \(text)</li>")
        }
        let messages = (printer.state?.hms ?? []).filter { $0.level(by: printer.faultTexts) != .hidden }
        for message in messages.prefix(8) {
            let text = printer.faultTexts?.text(of: message) ?? ""
            lines.append(
                """
                <li class="\(message.level.name)">\(message.level.name), \(message.module.replacing("_", with: " ")): \
                <a href="https://wiki.bambulab.com/en/hms/home" rel="noreferrer">\(message.code)</a> \(text)</li>
                """)
        }
        let more = messages.count - 8
        if more > 0 { lines.append("<li>and \(more) more</li>") }
        return lines.isEmpty ? nil : "<ul class=\"health\">\(lines)</ul>"
    }

    private var foot: Markup? {
        guard printer.link.isUp else { return nil }
        var words = [
            "over \(printer.transport == .lan ? "the LAN" : printer.transport == .cloud ? "the cloud" : "the broker")"
        ]
        if let last = printer.printer.lastReport { words.append("last report \(Words.age(now - last))") }
        if let signal = printer.state?.hardware.wifiSignal { words.append("Wi-Fi \(Words.number(signal)) dBm") }
        if !printer.firmware.isEmpty { words.append("firmware \(printer.firmware)") }
        return "<footer>\(words.joined(separator: " · "))</footer>"
    }
}
