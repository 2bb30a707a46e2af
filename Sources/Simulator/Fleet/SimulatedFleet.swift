package import CommandFlags
import Reactor

/// A fleet of simulated printers on 127.0.0.1, with certificates, brokers and firmware.
///
/// Its processes and temporary files end with this object.
package final class SimulatedFleet: Sendable {
    package let printers: [FleetPrinter]
    /// The file with the CA certificate of all printers, as PEM.
    package let caFile: String
    /// The cloud of printers that are bound to an account; `nil` if none is.
    package let cloud: FleetCloud?
    private let options: FleetOptions
    private let directory: WorkDirectory
    private let thread: LoopThread
    /// All brokers; none after `stop`.
    private let groups: LoopIsolated<[BrokerGroup]>

    /// Creates certificates, and a key if `key` is `nil`, which takes a tenth of a second; `start` starts the brokers.
    package init(_ printers: [PrinterOptions], options: FleetOptions = FleetOptions(), key: PrivateKey? = nil) throws {
        self.options = options
        directory = try options.directory.map(WorkDirectory.at) ?? WorkDirectory.temporary()
        let identity = try FleetIdentity(in: directory, key: key)
        let authority = try SimulatedAuthority(key: identity.key, created: identity.created)
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
        var plan = BrokerPlan(loop: thread.loop, options: options, directory: directory, key: identity.key)
        let bound = self.printers.filter(\.options.isBound)
        cloud = try bound.isEmpty ? nil : FleetCloud(of: bound, in: &plan, authority: authority, thread: thread)
        for printer in self.printers where !printer.options.isBound { plan.add(printer) }
        groups = LoopIsolated(plan.groups)
    }

    deinit {
        stop()
    }

    /// Starts the brokers, waits until they answer, and starts the printers.
    ///
    /// - Parameter onFailure: called on another thread if a broker ends without having been stopped.
    package func start(onFailure: (@Sendable (SimulatorError) -> Void)? = nil) async throws {
        var attempts = 0
        while true {
            try await choosePorts()
            do {
                try await startBrokers(onFailure)
                break
            } catch let error as SimulatorError {
                // Another program may have bound a port in the meantime.
                attempts += 1
                guard case .brokerFailed = error, options.port == 0, attempts < 3 else { throw error }
            }
        }
        try await thread.run { [printers] in
            for (index, printer) in printers.enumerated() {
                printer.runner.value?.start(after: .milliseconds(1000 * index / printers.count))
            }
        }
        try cloud?.start()
    }

    private func startBrokers(_ onFailure: (@Sendable (SimulatorError) -> Void)?) async throws {
        try await thread.wait(else: ()) { [groups] done in
            var left = groups.value.count
            var problem: (any Error)?
            guard left > 0 else { return done(.success(())) }
            for group in groups.value {
                group.onFailure = onFailure
                group.start { result in
                    left -= 1
                    if case .failure(let error) = result { problem = problem ?? error }
                    if left == 0 { done(problem.map { .failure($0) } ?? .success(())) }
                }
            }
        }
    }

    private func choosePorts() async throws {
        var ports = try FreePorts.find(printers.count + 1)
        if let port = ports.popLast() { try await cloud?.prepareBroker(port: port) }
        if options.port != 0 {
            guard Int(options.port) + printers.count - 1 <= Int(UInt16.max) else {
                let highest = Int(UInt16.max) + 1 - printers.count
                throw UsageError(
                    "--port=\(options.port) is too high for \(printers.count) printers. Use at most \(highest).")
            }
            ports = printers.indices.map { options.port + UInt16($0) }
        }
        for (printer, port) in zip(printers, ports) { printer.update { $0.port = port } }
    }

    /// Schedules the start and end of a printer's fault, relative to now.
    package func schedule(_ fault: Fault) throws(UsageError) {
        let named = fault.target.map { name in printers.first { $0.name == name || $0.serial == name } }
        guard let printer = named ?? printers.first else {
            let known = printers.prefix(20).map(\.name).joined(separator: ", ")
            throw UsageError("--fault: no printer is named \"\(fault.target ?? "")\". Use one of: \(known)")
        }
        printer.schedule(fault)
    }

    /// Writes the account's token into a file; returns its path.
    package func writeToken() throws -> String {
        try directory.write(Array((cloud?.account.token ?? "").utf8), to: "cloud-token")
    }

    /// Stops brokers and printers and removes a temporary directory. The fleet cannot be started again.
    package func stop() {
        cloud?.stop()
        thread.loop.perform { [printers, groups] in
            for printer in printers {
                printer.runner.value?.stop()
                printer.runner.value = nil
            }
            for group in groups.value { group.broker.beginEnd() }
            for group in groups.value { group.end() }
            groups.value = []
        }
        thread.end()
        directory.remove()
    }
}
