import Reactor

/// The printers and brokers of a fleet. Confined to its loop's thread once it has started.
final class FleetController {
    /// With more listeners than this in one mosquitto, its handshakes wait for each other.
    private static let printersPerBroker = 100

    private let printers: [FleetPrinter]
    private let account: SimulatedAccount?
    private var groups: [BrokerGroup] = []
    private var cloudGroup: BrokerGroup?

    /// - Parameter account: the account that printers are bound to; `nil` if none is.
    init(
        loop: EventLoop, printers: [FleetPrinter], account: SimulatedAccount?, options: FleetOptions,
        directory: WorkDirectory, key: PrivateKey
    ) {
        self.printers = printers
        self.account = account
        func group(_ name: String) -> BrokerGroup {
            let group = BrokerGroup(loop: loop, directory: directory, key: key, name: name)
            groups.append(group)
            return group
        }
        // The cloud has one broker for all printers of the account.
        if let account, let authority = printers.first(where: \.options.isBound)?.authority {
            cloudGroup = group("cloud")
            var leaf = SimulatedAuthority.Leaf(commonName: "mqtt.example.com")
            leaf.hosts = ["DNS:localhost", "IP:127.0.0.1"]
            cloudGroup?.cloud = BrokerGroup.CloudListener(
                port: 0, user: account.options.user, password: "", leaf: leaf, authority: authority)
        }
        var shared: BrokerGroup?
        for printer in printers {
            let own: BrokerGroup
            if printer.options.isBound, let cloudGroup {
                own = cloudGroup
            } else if !printer.options.hasOwnBroker, let shared, shared.runners.count < Self.printersPerBroker {
                own = shared
            } else {
                own = group("\(groups.count)")
                if !printer.options.hasOwnBroker { shared = own }
            }
            own.add(printer, options)
        }
    }

    /// Starts all brokers on the ports of their printers, then the printers.
    ///
    /// - Parameters:
    ///   - cloudPort: the port of the cloud's broker.
    ///   - onFailure: called when a broker ends that was not stopped.
    func start(
        cloudPort: UInt16, onFailure: (@Sendable (SimulatorError) -> Void)?, _ done: @escaping LoopThread.Completion
    ) {
        guard !groups.isEmpty else { return done(.success(())) }
        cloudGroup?.cloud?.port = cloudPort
        cloudGroup?.cloud?.password = account?.token ?? ""
        var left = groups.count
        var problem: (any Error)?
        for group in groups {
            group.onFailure = onFailure
            group.start { result in
                left -= 1
                if case .failure(let error) = result { problem = problem ?? error }
                guard left == 0 else { return }
                if let problem { return done(.failure(problem)) }
                self.startPrinters()
                done(.success(()))
            }
        }
    }

    private func startPrinters() {
        for (index, printer) in printers.enumerated() {
            guard let runner = printer.runner.value else { continue }
            printer.update { $0.cameraPort = runner.camera.port }
            if printer.options.isBound {
                runner.onState = { [account, serial = printer.serial] state in
                    account?.change(serial) { $0.status = state }
                }
            }
            runner.start(after: .milliseconds(1000 * index / max(1, printers.count)))
        }
    }

    func stop() {
        for printer in printers {
            printer.runner.value?.stop()
            printer.runner.value = nil
        }
        for group in groups { group.beginEnd() }
        for group in groups { group.end() }
    }

    /// Changes the cloud's side of the broker, which starts again: connections break.
    func changeCloud(_ change: (inout BrokerGroup.CloudListener) -> Void, _ done: @escaping LoopThread.Completion) {
        guard let group = cloudGroup, var cloud = group.cloud else { return done(.success(())) }
        change(&cloud)
        group.cloud = cloud
        group.start(done)
    }
}
