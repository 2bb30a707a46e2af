import Reactor

/// Distributes the printers of a fleet over brokers.
struct BrokerPlan {
    /// The number of listeners above which handshakes in one mosquitto delay each other.
    private static let printersPerBroker = 100

    let loop: EventLoop
    let options: FleetOptions
    let directory: WorkDirectory
    let key: PrivateKey
    private(set) var groups: [BrokerGroup] = []
    private var shared: BrokerGroup?

    init(loop: EventLoop, options: FleetOptions, directory: WorkDirectory, key: PrivateKey) {
        self.loop = loop
        self.options = options
        self.directory = directory
        self.key = key
    }

    mutating func addGroup() -> BrokerGroup {
        let group = BrokerGroup(loop: loop, directory: directory, key: key, name: "\(groups.count)")
        groups.append(group)
        return group
    }

    /// Adds a printer to a broker that others share, or to one of its own.
    mutating func add(_ printer: FleetPrinter) {
        if printer.options.hasOwnBroker { return addGroup().add(printer, options) }
        let group = shared.flatMap { $0.runners.count < Self.printersPerBroker ? $0 : nil } ?? addGroup()
        shared = group
        group.add(printer, options)
    }
}
