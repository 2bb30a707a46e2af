import BambuMetrics

/// Which printers there are, and by which way each is read: those of the configuration, of the account, and of a broker.
struct Roster {
    enum Route: Equatable {
        case lan
        case shared(SharedLink.Source)
        /// Nothing brings reports of it.
        case none

        var source: SharedLink.Source? { if case .shared(let source) = self { source } else { nil } }
    }

    /// More printers than a broker has; whoever may publish there is not to fill the memory.
    private static let strangerLimit = 5000

    var configuration = Configuration()
    /// The serial numbers that the account has and this process watches.
    var bound: [String] = []
    /// Those that report at the broker without having been named.
    var strangers: Set<String> = []

    /// Takes in a serial number that reports at the broker. Returns whether it is new and this process' to watch.
    mutating func welcome(_ serial: String) -> Bool {
        guard !strangers.contains(serial), configuration.shard.takes(serial), strangers.count < Self.strangerLimit,
            ConfigurationLoader.problem(withSerial: serial) == nil
        else { return false }
        strangers.insert(serial)
        // One that is read over the LAN stays there.
        return !configuration.ownPrinters.contains { $0.serial == serial && $0.host != nil }
    }

    /// The printers in the order of the configuration, then those that were found, by serial number.
    var printers: [(settings: Configuration.Printer, route: Route)] {
        let configured = configuration.ownPrinters
        var all = configured.map { (settings: $0, route: route(of: $0)) }
        var serials = Set(configured.map(\.serial))
        // A name that somebody gave to another printer is taken: two of a name would be one set of series.
        var names = Set(configured.map(\.name))
        for serial in found.sorted() where serials.insert(serial).inserted && names.insert(serial).inserted {
            let settings = Configuration.Printer(name: serial, serial: serial)
            all.append((settings, route(of: settings)))
        }
        return all
    }

    private var found: [String] {
        let named = (configuration.cloud?.printers ?? []) + (configuration.broker?.printers ?? [])
        return (bound + strangers + named).filter { configuration.shard.takes($0) }
    }

    /// LAN, then broker, then cloud.
    private func route(of printer: Configuration.Printer) -> Route {
        if printer.host != nil { return .lan }
        let serial = printer.serial
        if let broker = configuration.broker, broker.takes(serial) {
            // Where everyone is taken, one of the account is the cloud's until it reports here.
            if !bound.contains(serial) || broker.printers != nil || strangers.contains(serial) {
                return .shared(.broker)
            }
        }
        if let cloud = configuration.cloud, cloud.takes(serial) { return .shared(.cloud) }
        return .none
    }
}
