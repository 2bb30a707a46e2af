import Reactor

/// Printers that are not there: certificates, brokers and firmware on 127.0.0.1. Nothing of it outlives this object.
package final class SimulatedFleet: Sendable {
    package let printers: [FleetPrinter]
    /// The certificate that all printers' certificates lead to, as PEM.
    package let caFile: String
    /// The account of the printers that are bound to one; `nil` where none is.
    package let cloud: FleetCloud?
    private let options: FleetOptions
    private let directory: WorkDirectory
    private let thread: LoopThread
    private let engine: FleetEngine

    /// Makes keys and certificates; `start` starts the brokers.
    ///
    /// - Parameter key: `nil` makes one, which takes a tenth of a second and more.
    package init(_ printers: [PrinterOptions], options: FleetOptions = FleetOptions(), key: PrivateKey? = nil) throws {
        directory = try options.directory.map(WorkDirectory.at) ?? WorkDirectory.temporary()
        let origin = try Origin(in: directory, key: key)
        let key = origin.key
        let authority = try SimulatedAuthority(key: key, born: origin.born)
        let foreign =
            printers.contains(where: \.hasForeignAuthority)
            ? try SimulatedAuthority(name: "Another CA", key: PrivateKey()) : authority
        var random = SeededGenerator(seed: options.seed)
        var handles: [FleetPrinter] = []
        var setups: [FleetEngine.Setup] = []
        for (index, printer) in printers.enumerated() {
            let serial = printer.serial ?? printer.model.serial(number: index + options.firstNumber)
            let code = printer.accessCode ?? options.accessCode ?? String(10_000_000 + random.next() % 90_000_000)
            setups.append(
                FleetEngine.Setup(
                    options: printer, serial: serial, accessCode: code, seed: random.next(),
                    authority: printer.hasForeignAuthority ? foreign : authority))
            handles.append(
                FleetPrinter(
                    name: printer.name ?? "\(printer.model.rawValue) \(index + 1)", serial: serial,
                    model: printer.model, accessCode: code, hasLAN: printer.hasLAN))
        }
        caFile = try directory.write(authority.certificate.pem(), to: "ca.pem")
        thread = try LoopThread()
        engine = FleetEngine(
            loop: thread.loop, printers: setups, options: options, directory: directory, key: key)
        cloud =
            printers.contains(where: \.isBound)
            ? try Self.cloud(options, authority, key, directory, engine, thread.loop) : nil
        self.options = options
        self.printers = handles
        for handle in handles { handle.attach(engine, thread.loop) }
        let bySerial = Dictionary(handles.map { ($0.serial, $0) }) { first, _ in first }
        engine.onRequest = { serial, request in bySerial[serial]?.note(request) }
        engine.onCameraPort = { serial, port in bySerial[serial]?.setCameraPort(port) }
        if let cloud {
            for (handle, printer) in zip(handles, printers) where printer.isBound { cloud.bind(handle) }
            engine.onState = { [account = cloud.account] serial, state in account.change(serial) { $0.status = state } }
        }
        engine.onSubscribe = { serial, subscription in bySerial[serial]?.note(subscription) }
    }

    private static func cloud(
        _ options: FleetOptions, _ authority: SimulatedAuthority, _ key: PrivateKey, _ directory: WorkDirectory,
        _ engine: FleetEngine, _ loop: EventLoop
    ) throws -> FleetCloud {
        var leaf = SimulatedAuthority.Leaf(commonName: "api.example.com", number: 77)
        leaf.hosts = ["DNS:localhost", "IP:127.0.0.1"]
        return try FleetCloud(
            options.account, engine: engine, loop: loop,
            certificateFile: directory.write(authority.issue(leaf, for: key).pem(), to: "api.pem"),
            keyFile: directory.write(key.pem(), to: "api.key"))
    }

    deinit {
        stop()
    }

    /// Starts the brokers, waits until they answer, and lets the printers begin.
    ///
    /// - Parameter onFailure: called on another thread when a broker ends that nobody stopped.
    package func start(onFailure: (@Sendable (SimulatorError) -> Void)? = nil) async throws {
        var attempts = 0
        while true {
            let ports = try choosePorts()
            let cloudPort = try cloud == nil ? 0 : FreePorts.find(1).first ?? 0
            let token = cloud?.account.token ?? ""
            do {
                try await withCheckedThrowingContinuation { continuation in
                    thread.loop.perform { [engine] in
                        engine.onFailure = onFailure
                        engine.start(ports: ports, cloudPort: cloudPort, token: token) { continuation.resume(with: $0) }
                    }
                }
                return try cloud?.start(brokerPort: cloudPort) ?? ()
            } catch let error as SimulatorError {
                // Somebody else may have taken a port meanwhile.
                attempts += 1
                guard case .brokerFailed = error, options.port == 0, attempts < 3 else { throw error }
            }
        }
    }

    private func choosePorts() throws -> [UInt16] {
        let ports: [UInt16]
        if options.port == 0 {
            ports = try FreePorts.find(printers.count)
        } else {
            guard Int(options.port) + printers.count - 1 <= Int(UInt16.max) else {
                throw SimulatorError.usage("--port=\(options.port): \(printers.count) printers do not fit above it")
            }
            ports = printers.indices.map { options.port + UInt16($0) }
        }
        for (printer, port) in zip(printers, ports) { printer.setPort(port) }
        return ports
    }

    /// Lets `fault` come over a printer; times count from now.
    package func schedule(_ fault: Fault) throws(SimulatorError) {
        let named = fault.printer.map { name in printers.first { $0.name == name || $0.serial == name } }
        guard let printer = named ?? printers.first else {
            let known = printers.prefix(20).map(\.name).joined(separator: ", ")
            throw .usage("--fault: there is no printer \"\(fault.printer ?? "")\"; there are \(known)")
        }
        thread.loop.perform { [engine] in engine.schedule(fault, for: printer.serial) }
    }

    /// Writes the account's token beside the certificates. Returns the file.
    package func writeToken() throws -> String {
        try directory.write(Array((cloud?.account.token ?? "").utf8), to: "cloud-token")
    }

    /// Ends brokers and printers and removes a temporary directory. It does not start again.
    package func stop() {
        for printer in printers { printer.detach() }
        cloud?.stop()
        thread.loop.perform { [engine] in engine.stop() }
        thread.end()
        directory.remove()
    }
}
