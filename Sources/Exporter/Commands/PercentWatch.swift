import BambuMetrics
import BambuProtocol
import Reactor

/// How far a printer's print is, from reports over a session of its own. Confined to the loop's thread.
final class PercentWatch {
    private let fleet: Fleet
    private let registry = Registry()

    init(_ printer: Configuration.Printer, _ configuration: Configuration, environment: ReactorEnvironment) {
        var only = configuration
        var printer = printer
        // The pictures are somebody else's business.
        printer.camera.isEnabled = false
        only.printers = [printer]
        // So is the account.
        (only.cloud, only.broker) = (nil, nil)
        only.shard = Configuration.Shard()
        fleet = Fleet(environment: environment, registry: registry, mailbox: AccountMailbox())
        fleet.apply(only)
    }

    /// 0 to 100; `nil` before the first report and while the printer is down.
    var percent: Double? {
        registry.all.first?.mailbox.read(at: Instant.now())?.snapshot.state?.job.progress
    }

    func stop() {
        fleet.stop()
    }
}
