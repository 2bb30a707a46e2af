import BambuProtocol

/// What is known of a printer, and when it was asked for what: handed by a reader to the one that takes its place.
struct Heritage {
    let printer: Printer
    let watch: WatchMachine
    /// Absent where the session was shared.
    let connection: ConnectMachine?

    /// The printer, of which reports may have been missed meanwhile; anew where it is told to be of another model.
    static func printer(of settings: Configuration.Printer, after heritage: Heritage?) -> Printer {
        guard var printer = heritage?.printer, printer.configuredModel == settings.model else {
            return Printer(serial: settings.serial, model: settings.model)
        }
        printer.interrupt()
        return printer
    }
}
