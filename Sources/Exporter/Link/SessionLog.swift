import BambuMetrics
import Platform

/// Logs the events of a broker session.
///
/// For a printer's own session it logs the first connection only; `BrokerPrinter` logs outages.
struct SessionLog {
    private let source: BrokerSession.Settings.Source
    private let host: String
    private let log: Log
    private var outage = OutageLog()

    init(_ settings: BrokerSession.Settings, _ log: Log) {
        source = settings.source
        host = settings.host
        self.log = log
    }

    /// When `tick` is due; `nil` if nothing remains to be logged.
    var deadline: Instant? { outage.deadline }

    /// Logs that the broker accepted the session.
    mutating func connected(printers: Int, at now: Instant) {
        let recovery = outage.up(at: now)
        switch source {
        case .printer(let printer):
            log.write(recovery == .first ? .info : .debug, "Connected", ["printer": printer.name, "host": host])
        case .shared(let source):
            let time = if case .after(let time) = recovery { DurationText.text(ofWholeSeconds: time) } else { "0s" }
            log.write(
                recovery == .repeated ? .debug : .info, "Connected",
                ["source": source.rawValue, "host": host, "printers": printers, "outage": time])
        }
    }

    /// Logs that the session ended or could not be established.
    mutating func failed(_ reason: String, _ detail: String, at now: Instant) {
        let level = outage.down(reason, at: now)
        guard case .shared(let source) = source else { return }
        log.write(
            level, "The broker session is down",
            ["source": source.rawValue, "host": host, "reason": reason, "detail": detail])
    }

    /// Logs that the session is stable, if it is; see `deadline`.
    mutating func tick(at now: Instant) {
        guard let stability = outage.tick(at: now), case .shared(let source) = source else { return }
        log.info(
            "The broker session is stable again",
            [
                "source": source.rawValue, "host": host, "outage": DurationText.text(ofWholeSeconds: stability.outage),
                "interruptions": stability.interruptions,
            ])
    }
}
