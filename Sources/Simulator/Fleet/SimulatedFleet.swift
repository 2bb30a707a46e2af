import Reactor

/// Simulated printers: certificates, brokers and firmware on 127.0.0.1. Nothing of it outlives this object.
package final class SimulatedFleet: Sendable {
    package let printers: [FleetPrinter]
    /// The certificate that all printers' certificates lead to, as PEM.
    package let caFile: String
    /// The account of the printers that are bound to one; `nil` if none is.
    package let cloud: FleetCloud?
    private let options: FleetOptions
    private let directory: WorkDirectory
    private let thread: LoopThread
    private let controller = LoopIsolated<FleetController?>(nil)

    /// Makes keys and certificates; `start` starts the brokers.
    ///
    /// - Parameter key: `nil` makes one, which takes a tenth of a second and more.
    package init(_ printers: [PrinterOptions], options: FleetOptions = FleetOptions(), key: PrivateKey? = nil) throws {
        self.options = options
        directory = try options.directory.map(WorkDirectory.at) ?? WorkDirectory.temporary()
        let identity = try FleetIdentity(in: directory, key: key)
        let authority = try SimulatedAuthority(key: identity.key, born: identity.born)
        let foreign =
            printers.contains(where: \.hasForeignAuthority)
            ? try SimulatedAuthority(name: "Another CA", key: PrivateKey()) : authority
        caFile = try directory.write(authority.certificate.pem(), to: "ca.pem")
        thread = try LoopThread()
        var random = SeededGenerator(seed: options.seed)
        self.printers = printers.enumerated().map { [thread] index, printer in
            FleetPrinter(
                printer, name: printer.name ?? "\(printer.model.rawValue) \(index + 1)",
                serial: printer.serial ?? printer.model.serial(number: index + options.firstNumber),
                accessCode: printer.accessCode ?? options.accessCode
                    ?? String(10_000_000 + random.next() % 90_000_000),
                seed: random.next(), authority: printer.hasForeignAuthority ? foreign : authority, thread: thread)
        }
        let account = printers.contains(where: \.isBound) ? SimulatedAccount(options.account) : nil
        cloud = try account.map { [directory, thread, controller] account in
            var leaf = SimulatedAuthority.Leaf(commonName: "api.example.com", number: 77)
            leaf.hosts = ["DNS:localhost", "IP:127.0.0.1"]
            return try FleetCloud(
                account, thread: thread, controller: controller,
                certificateFile: directory.write(authority.issue(leaf, for: identity.key).pem(), to: "api.pem"),
                keyFile: directory.write(identity.key.pem(), to: "api.key"))
        }
        for printer in self.printers where printer.options.isBound { cloud?.bind(printer) }
        controller.value = FleetController(
            loop: thread.loop, printers: self.printers, account: account, options: options, directory: directory,
            key: identity.key)
    }

    deinit {
        stop()
    }

    /// Starts the brokers, waits until they answer, and lets the printers begin.
    ///
    /// - Parameter onFailure: called on another thread when a broker ends that was not stopped.
    package func start(onFailure: (@Sendable (SimulatorError) -> Void)? = nil) async throws {
        var attempts = 0
        while true {
            try choosePorts()
            let cloudPort = try cloud == nil ? 0 : FreePorts.find(1).first ?? 0
            do {
                try await thread.wait { [controller] done in
                    guard let controller = controller.value else { return done(.success(())) }
                    controller.start(cloudPort: cloudPort, onFailure: onFailure, done)
                }
                return try cloud?.start(brokerPort: cloudPort) ?? ()
            } catch let error as SimulatorError {
                // Another program may have taken a port meanwhile.
                attempts += 1
                guard case .brokerFailed = error, options.port == 0, attempts < 3 else { throw error }
            }
        }
    }

    private func choosePorts() throws {
        let ports: [UInt16]
        if options.port == 0 {
            ports = try FreePorts.find(printers.count)
        } else {
            guard Int(options.port) + printers.count - 1 <= Int(UInt16.max) else {
                throw SimulatorError.usage("--port=\(options.port): \(printers.count) printers do not fit above it")
            }
            ports = printers.indices.map { options.port + UInt16($0) }
        }
        for (printer, port) in zip(printers, ports) { printer.update { $0.port = port } }
    }

    /// Lets `fault` of a printer begin and end at its times, counted from now.
    package func schedule(_ fault: Fault) throws(SimulatorError) {
        let named = fault.target.map { name in printers.first { $0.name == name || $0.serial == name } }
        guard let printer = named ?? printers.first else {
            let known = printers.prefix(20).map(\.name).joined(separator: ", ")
            throw .usage("--fault: there is no printer \"\(fault.target ?? "")\"; there are \(known)")
        }
        printer.schedule(fault)
    }

    /// Writes the account's token beside the certificates. Returns the file.
    package func writeToken() throws -> String {
        try directory.write(Array((cloud?.account.token ?? "").utf8), to: "cloud-token")
    }

    /// Ends brokers and printers and removes a temporary directory. It does not start again.
    package func stop() {
        cloud?.stop()
        thread.loop.perform { [controller] in
            controller.value?.stop()
            controller.value = nil
        }
        thread.end()
        directory.remove()
    }
}
