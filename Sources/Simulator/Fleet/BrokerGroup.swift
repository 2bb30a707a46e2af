import Glibc
import HTTP
import Platform
import Reactor

/// The printers that share a broker, the broker, and the firmware's link to it. Confined to its loop's thread.
final class BrokerGroup {
    /// The certificate of a listener, and the account of its clients.
    struct Access {
        let user: String
        var password: String
        var leaf: SimulatedAuthority.Leaf
        let authority: SimulatedAuthority
    }

    let loop: EventLoop
    private let directory: WorkDirectory
    private let key: PrivateKey
    private let name: String
    let broker: Broker
    private var link: FirmwareLink?
    /// The broker that replaces mosquitto during a fault.
    private var faultyBroker: FaultyBroker?
    private var random: SeededGenerator
    /// The certificates issued so far. Issuing a leaf again would change its fingerprint, but a restart must not.
    private var issued: [SimulatedAuthority.Leaf: [UInt8]] = [:]
    private var onStart: ((Result<Void, any Error>) -> Void)?
    private(set) var runners: [String: PrinterRunner] = [:]
    /// The cloud's listener; `nil` if the printers are not bound to an account.
    var cloud: (port: UInt16, access: Access)?
    /// Called if the broker ends after its start without having been stopped.
    var onFailure: (@Sendable (SimulatorError) -> Void)?

    init(loop: EventLoop, directory: WorkDirectory, key: PrivateKey, name: String) {
        self.loop = loop
        self.directory = directory
        self.key = key
        self.name = name
        // Not derived from the fleet's seed, so that the firmware's password cannot be guessed.
        random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        broker = Broker(loop: loop, directory: directory, name: name)
        broker.onEnd = { [weak self] output in self?.brokerEnded(.brokerFailed(output: output)) }
        broker.onSubscribe = { [weak self] subscription in self?.recordSubscription(subscription) }
    }

    func add(_ printer: FleetPrinter, _ options: FleetOptions, account: SimulatedAccount? = nil) {
        let runner = PrinterRunner(printer, in: self, options: options, account: account)
        runners[printer.serial] = runner
        printer.runner.value = runner
    }

    /// Starts or restarts the broker on the same ports; calls `done` when it answers or has failed.
    func start(_ done: @escaping (Result<Void, any Error>) -> Void) {
        end()
        onStart = done
        do {
            guard let firmwarePort = try FreePorts.find(1).first else { throw SystemError(EADDRINUSE, "bind") }
            let link = try FirmwareLink(loop: loop, port: firmwarePort, password: Spool.hex(16, using: &random))
            link.onOpen = { [weak self] in self?.finishStart(.success(())) }
            link.onRequest = { [weak self] serial, request in self?.receive(request, for: serial) }
            self.link = link
            try broker.start(configuration(firmwarePort: firmwarePort, link: link))
            link.open()
        } catch {
            finishStart(.failure(error))
        }
    }

    /// Stops mosquitto and starts a faulty broker on the port of the group's only printer.
    func replaceBroker(of printer: FleetPrinter, with fault: Fault.Kind) throws {
        end()
        faultyBroker = try FaultyBroker(loop: loop, printer: printer, tls: tls(of: printer), fault: fault) {
            [weak self, serial = printer.serial] in self?.receive($0, for: serial)
        }
    }

    func publish(_ payload: [UInt8], as serial: String) {
        faultyBroker?.publish(payload)
        link?.publish(payload, as: serial)
    }

    private func receive(_ request: SimulatedRequest, for serial: String) {
        guard let runner = runners[serial] else { return }
        runner.printer.update { $0.requests.append(request) }
        runner.receive(request)
    }

    func end() {
        faultyBroker?.stop()
        faultyBroker = nil
        closeLink()
        broker.end()
        finishStart(.failure(SimulatorError.brokerFailed(output: "it was stopped")))
    }

    func kill() {
        closeLink()
        broker.kill()
    }

    private func closeLink() {
        link?.close()
        link = nil
    }

    private func finishStart(_ result: Result<Void, any Error>) {
        let done = onStart
        onStart = nil
        done?(result)
    }

    private func brokerEnded(_ error: SimulatorError) {
        closeLink()
        if onStart == nil { onFailure?(error) } else { finishStart(.failure(error)) }
    }

    private func recordSubscription(_ subscription: BrokerLog.Subscription) {
        guard subscription.clientID != FirmwareLink.clientID else { return }
        // mosquitto does not log the listener of a client, so the topic identifies the printer.
        let named = subscription.topic.split(separator: "/").first { runners[String($0)] != nil }.map(String.init)
        guard let serial = runners.count == 1 ? runners.keys.first : named else { return }
        runners[serial]?.printer.update { $0.subscriptions.append(subscription) }
    }

    /// Writes the files of all listeners.
    private func configuration(firmwarePort: UInt16, link: FirmwareLink) throws -> BrokerConfiguration {
        let firmware = BrokerConfiguration.Listener(name: "firmware-\(name)", port: firmwarePort)
        try directory.write(Array(link.passwordLine(salt: salt()).utf8), to: "\(firmware.name).passwords")
        var listeners: [BrokerConfiguration.Listener] = []
        for runner in runners.values.filter(\.printer.hasLAN).sorted(by: { $0.printer.port < $1.printer.port }) {
            let serial = runner.printer.serial
            try writeFiles(named: serial, runner.access, serials: [serial])
            listeners.append(.init(name: serial, port: runner.printer.port))
            // The camera has the same certificate and access code as the broker.
            try runner.camera.start(tls(of: runner.printer), accessCode: runner.access.password)
        }
        if let cloud {
            try writeFiles(named: "cloud", cloud.access, serials: runners.keys.sorted())
            listeners.append(.init(name: "cloud", port: cloud.port))
        }
        return BrokerConfiguration(directory: directory, listeners: listeners, firmware: firmware)
    }

    private func writeFiles(named name: String, _ access: Access, serials: [String]) throws {
        let rules = BrokerConfiguration.accessRules(user: access.user, serials: serials)
        let passwords = PasswordFile.line(user: access.user, password: access.password, salt: salt())
        try directory.write(chain(of: access), to: "\(name).pem")
        try directory.write(key.pem(), to: "\(name).key")
        try directory.write(Array(passwords.utf8), to: "\(name).passwords")
        try directory.write(Array(rules.utf8), to: "\(name).access")
    }

    private func tls(of printer: FleetPrinter) throws -> ServerTLS {
        try .printer(
            certificateFile: directory.file("\(printer.serial).pem"), keyFile: directory.file("\(printer.serial).key"))
    }

    /// The leaf and its issuer, which older printers send as well.
    private func chain(of access: Access) throws -> [UInt8] {
        if let chain = issued[access.leaf] { return chain }
        let chain = try access.authority.issue(access.leaf, for: key).pem() + access.authority.certificate.pem()
        issued[access.leaf] = chain
        return chain
    }

    private func salt() -> [UInt8] {
        (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
