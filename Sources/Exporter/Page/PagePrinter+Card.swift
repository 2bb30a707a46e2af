import BambuMetrics
import BambuProtocol

/// The card of a printer with a job, and of the one that was opened.
extension PagePrinter {
    /// Everything about the printer.
    var card: Markup {
        """
        <article class="card\(style)">
        \(header())
        \(link)\(job)\(temperatures)\(spoolSections)\(camera)\(health)\(foot)
        </article>

        """
    }

    /// The job and the spool in use, if many printers have a card.
    var briefCard: Markup {
        """
        <article class="card brief\(style)">
        \(header(note: task ?? ""))
        \(progress)\(spoolLine)
        </article>

        """
    }

    private var link: Markup? {
        guard !snapshot.link.isUp else { return nil }
        return "<p class=\"line\">\(Outage(printer: snapshot, hints: hints, clock: clock).html)</p>"
    }

    private var task: String? {
        (snapshot.state?.job).flatMap { StatusText.task($0, showsName: snapshot.showsJobs) }
    }

    private var job: Markup? {
        let name: Markup? = task.map { "<p class=\"task\">\($0)</p>" }
        return "\(name)\(progress)"
    }

    private var progress: Markup? {
        guard let job = snapshot.state?.job else { return nil }
        let isShown = job.state?.isActive == true || job.state == .finish || job.state == .failed
        guard let progress = job.progress, isShown else { return nil }
        var words = ["\(StatusText.number(progress)) %"]
        if let left = job.remainingSeconds { words.append("\(StatusText.duration(left)) left") }
        if let layer = job.layer, let layers = job.layers, layers > 0 { words.append("layer \(layer) of \(layers)") }
        if let stage = job.stageName, stage != "printing" { words.append(StatusText.words(of: stage)) }
        let width = Int(min(max(progress, 0), 100))
        return """
            <div class="bar" role="progressbar" aria-valuenow="\(width)" aria-valuemin="0" aria-valuemax="100"
            aria-label="progress"><span style="width:\(width)%"></span></div>
            <p class="note">\(end(of: job))\(words.joined(separator: " · "))</p>
            """
    }

    /// The end of a job that runs; a pause moves it on.
    private func end(of job: Job) -> Markup? {
        guard job.state != .pause, let end = job.endTime, let time = clock.text(end) else { return nil }
        return "<strong>done at \(time)</strong> · "
    }

    private var temperatures: Markup? {
        guard let state = snapshot.state else { return nil }
        let chamber = [(name: "Chamber", temperature: state.heaters.chamber(of: snapshot.model))]
        let items: [Markup] = (heaters(state) + chamber).compactMap { name, temperature in
            guard let measured = temperature.measured else { return nil }
            let target = temperature.target.flatMap { $0 > 0 ? " / \(StatusText.number($0))" : nil } ?? ""
            return "<div><dt>\(name)</dt><dd>\(StatusText.number(measured))\(target) °C</dd></div>"
        }
        return items.isEmpty ? nil : "<dl class=\"values\">\(items)</dl>"
    }

    private var spoolSections: Markup? {
        let (units, externals) = spools(\.html)
        return "\(units)\(externals.map { "<p class=\"spools\">\($0)</p>" })"
    }

    /// What is wrong with the camera.
    private var camera: Markup? {
        guard snapshot.link.isUp, let camera = snapshot.camera else { return nil }
        if let picture = camera.picture {
            guard picture.isFrozen == true else { return nil }
            return "<p class=\"note\">Camera: <strong>The picture does not change.</strong></p>"
        }
        return hints.camera.map { hints in
            let (problem, rest) = StatusText.sentences(hints)
            return "<p class=\"note\">Camera: <strong>\(problem)</strong>\(rest)</p>"
        }
    }

    /// More messages are counted, not listed.
    private static let messageLimit = 8

    private var health: Markup? {
        var lines: [Markup] = []
        if let error = snapshot.state?.job.error, error != 0 {
            lines.append(
                "<li><span class=\"tag bad\">error</span> \(FaultText.html(ofError: error, snapshot.faultTexts))</li>")
        }
        let messages = (snapshot.state?.hms ?? []).filter { $0.level(by: snapshot.faultTexts) != .hidden }
        for message in messages.prefix(Self.messageLimit) {
            let style: Markup =
                switch message.level {
                case .fatal, .serious: "bad"
                case .common: "warn"
                case .info, .hidden: "calm"
                }
            let text = FaultText.html(of: message, snapshot.faultTexts)
            lines.append("<li><span class=\"tag \(style)\">\(message.level.name)</span> \(text)</li>")
        }
        let more = messages.count - Self.messageLimit
        if more > 0 { lines.append("<li>and \(more) more</li>") }
        return lines.isEmpty ? nil : "<ul class=\"health\">\(lines)</ul>"
    }

    private var foot: Markup? {
        guard snapshot.link.isUp else { return nil }
        var words = [
            "over \(snapshot.transport == .lan ? "the LAN" : snapshot.transport == .cloud ? "the cloud" : "the broker")"
        ]
        if let last = snapshot.printer.lastReport { words.append("last report \(StatusText.age(clock.now - last))") }
        if let signal = snapshot.state?.hardware.wifiSignal { words.append("Wi-Fi \(StatusText.number(signal)) dBm") }
        if let picture = snapshot.camera?.picture {
            if let rate = picture.framesPerSecond { words.append("camera \(StatusText.pictures(rate))") }
            if let width = picture.width, let height = picture.height { words.append("\(width) × \(height)") }
        }
        if !snapshot.firmware.isEmpty { words.append("firmware \(snapshot.firmware)") }
        return "<footer>\(words.joined(separator: " · "))</footer>"
    }
}
