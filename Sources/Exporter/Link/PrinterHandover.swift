import BambuProtocol
import Platform

/// The state that a printer keeps when a reload changes how it is read.
///
/// It includes counters and the time of the last full-report request, so that the rate limit holds.
struct PrinterHandover {
    let printer: Printer
    let telemetry: TelemetryStateMachine
    let outage: OutageLog
    /// The counters of the printer's own session; `nil` if the session was shared.
    let connection: ReconnectStateMachine?

    /// Returns the printer with a gap marked, or a new one if the configured model changed.
    static func printer(
        of settings: Configuration.Printer, after handover: PrinterHandover?, staleAfter: Duration
    ) -> Printer {
        guard var printer = handover?.printer, printer.configuredModel == settings.model else {
            return Printer(serial: settings.serial, model: settings.model, staleAfter: staleAfter.inSeconds)
        }
        printer.interrupt()
        return printer
    }
}
