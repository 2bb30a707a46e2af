import BambuMetrics
import BambuProtocol
import Platform

/// Reads the progress of a printer's print over its own session. Confined to the event loop's thread.
final class PercentWatch {
    private let fleet: Fleet
    private let registry = Registry()

    init(_ printer: Configuration.Printer, _ configuration: Configuration, environment: ReactorEnvironment) {
        var only = configuration
        var printer = printer
        // `PictureCapture` uses the camera.
        printer.camera.isEnabled = false
        only.printers = [printer]
        // Neither the account nor a broker is needed.
        (only.cloud, only.broker) = (nil, nil)
        only.shard = Configuration.Shard()
        fleet = Fleet(environment: environment, registry: registry, mailbox: AccountMailbox())
        fleet.apply(only)
    }

    /// The progress, 0 to 100; `nil` before the first report and while the printer is down.
    var percent: Double? {
        registry.all.first?.mailbox.read(at: Instant.now())?.snapshot.state?.job.progress
    }

    func stop() {
        fleet.stop()
    }
}
