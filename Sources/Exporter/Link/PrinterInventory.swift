import BambuMetrics

/// The printers of the configuration, the account and a broker, and how each is read.
struct PrinterInventory {
    enum Route: Equatable {
        case lan
        case shared(BrokerSessionCounts.Source)
        /// No source is configured for the printer.
        case none

        var source: BrokerSessionCounts.Source? { if case .shared(let source) = self { source } else { nil } }

        /// How reports arrive. A printer without a source is known from the account only.
        var transport: PrinterSnapshot.Transport {
            switch self {
            case .lan: .lan
            case .shared(.broker): .broker
            case .shared(.cloud), .none: .cloud
            }
        }
    }

    /// The most printers to discover on a broker. A client that may publish there must not fill the memory.
    static let discoveryLimit = 5000

    var configuration = Configuration()
    /// The serial numbers of the account's printers that this process reads.
    var accountSerials: [String] = []
    /// The serial numbers that report on the broker without being configured.
    private(set) var discovered: Set<String> = []

    var isFull: Bool { discovered.count >= Self.discoveryLimit }

    /// Adds a serial number that reports on the broker. Returns whether it is new and this process is to read it.
    mutating func addDiscovered(_ serial: String) -> Bool {
        guard isNew(serial), !isFull else { return false }
        discovered.insert(serial)
        // A printer that is read over the LAN stays on the LAN.
        return !configuration.ownPrinters.contains { $0.serial == serial && $0.host != nil }
    }

    /// Whether `serial` could be added if the limit allowed it.
    func isNew(_ serial: String) -> Bool {
        !discovered.contains(serial) && configuration.shard.takes(serial)
            && SerialNumber.problem(in: serial) == nil
    }

    /// Drops the discovered printers that have been silent longest, a tenth of the limit.
    ///
    /// - Parameter silent: printers that are down, with the time of their last report in seconds since 1970.
    mutating func makeRoom(among silent: [(serial: String, lastReport: Double)]) {
        let oldest = silent.filter { discovered.contains($0.serial) }.sorted { $0.lastReport < $1.lastReport }
        for printer in oldest.prefix(Self.discoveryLimit / 10) { discovered.remove(printer.serial) }
    }

    mutating func removeAllDiscovered() {
        discovered = []
    }

    /// The printers in the order of the configuration, then the discovered ones by serial number.
    var printers: [(settings: Configuration.Printer, route: Route)] {
        let configured = configuration.ownPrinters
        var all = configured.map { (settings: $0, route: route(of: $0)) }
        var serials = Set(configured.map(\.serial))
        // Skips a printer whose serial number is another printer's name: their series would collide.
        var names = Set(configured.map(\.name))
        for serial in found.sorted() where serials.insert(serial).inserted && names.insert(serial).inserted {
            let settings = Configuration.Printer(name: serial, serial: serial)
            all.append((settings, route(of: settings)))
        }
        return all
    }

    private var found: [String] {
        let named = (configuration.cloud?.printers ?? []) + (configuration.broker?.printers ?? [])
        return (accountSerials + discovered + named).filter { configuration.shard.takes($0) }
    }

    /// Prefers LAN, then broker, then cloud.
    private func route(of printer: Configuration.Printer) -> Route {
        if printer.host != nil { return .lan }
        let serial = printer.serial
        if let broker = configuration.broker, broker.takes(serial) {
            // With a wildcard subscription, a printer of the account uses the cloud until it reports on the broker.
            if !accountSerials.contains(serial) || broker.printers != nil || discovered.contains(serial) {
                return .shared(.broker)
            }
        }
        if let cloud = configuration.cloud, cloud.takes(serial) { return .shared(.cloud) }
        return .none
    }
}
