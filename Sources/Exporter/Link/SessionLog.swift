import BambuMetrics
import Platform

/// Logs the events of a broker session.
///
/// For a printer's own session it logs the first connection only; `BrokerPrinter` logs outages.
struct SessionLog {
    let source: BrokerSession.Settings.Source
    let host: String
    let log: Log
    private(set) var outage = OutageLog()

    mutating func connected(printers: Int, at now: Instant) {
        let recovery = outage.up(at: now)
        switch source {
        case .printer(let printer):
            log.write(recovery == .first ? .info : .debug, "Connected", ["printer": printer.name, "host": host])
        case .shared(let source):
            log.write(
                recovery.level, "Connected",
                [
                    "source": source.rawValue, "host": host, "printers": printers, "outage": recovery.outage ?? "0s",
                ])
        }
    }

    mutating func failed(_ reason: String, _ detail: String, at now: Instant) {
        let level = outage.down(reason, at: now)
        guard case .shared(let source) = source else { return }
        log.write(
            level, "The broker session is down",
            ["source": source.rawValue, "host": host, "reason": reason, "detail": detail])
    }

    /// Logs that the session is stable, if it is; due at `outage.deadline`.
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
