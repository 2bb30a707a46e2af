import Reactor

/// The sessions of all printers: starts, stops and keeps them as the configuration says. Confined to the loop's thread.
final class Fleet {
    private let around: PrinterSession.Surroundings
    private let registry: Registry
    private var sessions: [(session: PrinterSession, entry: Registry.Entry)] = []
    private var telemetry: Configuration.Telemetry?

    init(around: PrinterSession.Surroundings, registry: Registry) {
        self.around = around
        self.registry = registry
    }

    /// Makes the sessions those of `configuration`. A printer of which nothing has changed keeps its connection, its
    /// state and its counters.
    func apply(_ configuration: Configuration) {
        around.authorities.forget()
        let isSame = telemetry == configuration.telemetry
        telemetry = configuration.telemetry
        var old = Dictionary(uniqueKeysWithValues: sessions.map { ($0.session.settings.serial, $0) })
        var fresh: [PrinterSession] = []
        let spread = Self.spread(of: configuration.ownPrinters)
        sessions = configuration.ownPrinters.map { settings in
            if isSame, let kept = old[settings.serial], kept.session.settings == settings {
                old[settings.serial] = nil
                return kept
            }
            let cell = PrinterCell()
            let session = PrinterSession(
                settings, telemetry: configuration.telemetry, spread: spread, cell: cell, around: around)
            fresh.append(session)
            return (
                session,
                Registry.Entry(
                    name: settings.name, serial: settings.serial, hasSource: settings.host != nil, cell: cell)
            )
        }
        for (session, _) in old.values { session.stop() }
        registry.replace(sessions.map(\.entry))
        for session in fresh where session.settings.host != nil { session.start() }
    }

    /// A look costs a handshake: four cameras begin in a second, so that a hundred take 25.
    private static func spread(of printers: [Configuration.Printer]) -> Duration {
        .milliseconds(250 * max(0, printers.count { $0.host != nil && $0.camera.isEnabled } - 1))
    }

    func stop() {
        for (session, _) in sessions { session.stop() }
        sessions = []
    }
}
