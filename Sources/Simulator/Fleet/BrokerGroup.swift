import Glibc
import HTTP
import Reactor

/// The printers that share a broker, the broker, and the firmware's link to it. Confined to its loop's thread.
final class BrokerGroup {
    /// The cloud's side of a broker whose printers are bound to the account.
    struct CloudListener {
        var port: UInt16
        var user: String
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
    /// Replaces mosquitto while a fault lasts.
    private var faultyBroker: FaultyBroker?
    private var random: SeededGenerator
    /// A leaf that is issued twice has two fingerprints, and a restart must not change what a client remembers.
    private var issued: [SimulatedAuthority.Leaf: [UInt8]] = [:]
    private var waiting: [(Result<Void, any Error>) -> Void] = []
    private(set) var runners: [String: PrinterRunner] = [:]
    /// `nil` if none of the printers is bound.
    var cloud: CloudListener?
    /// The broker ended after it had come up, and was not stopped.
    var onFailure: (@Sendable (SimulatorError) -> Void)?

    init(loop: EventLoop, directory: WorkDirectory, key: PrivateKey, name: String) {
        self.loop = loop
        self.directory = directory
        self.key = key
        self.name = name
        // The password of the firmware's listener cannot be guessed, however the fleet was seeded.
        random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        broker = Broker(loop: loop, directory: directory, name: name)
        broker.onEnd = { [weak self] output in self?.brokerEnded(.brokerFailed(output: output)) }
        broker.onSubscribe = { [weak self] subscription in self?.subscribed(subscription) }
    }

    func add(_ printer: FleetPrinter, _ options: FleetOptions) {
        let runner = PrinterRunner(printer, in: self, options: options)
        runners[printer.serial] = runner
        printer.runner.value = runner
    }

    /// Starts the broker, or starts it again as the printers now are, on the same ports.
    ///
    /// - Parameter done: called when the broker answers, or failed.
    func start(_ done: @escaping (Result<Void, any Error>) -> Void) {
        do {
            end()
            guard let firmwarePort = try FreePorts.find(1).first else { throw SystemError(EADDRINUSE, "bind") }
            let link = try FirmwareLink(
                loop: loop, port: firmwarePort, password: Spool.hex(16, using: &random))
            link.onOpen = { [weak self] in self?.finish(.success(())) }
            link.onRequest = { [weak self] serial, request in self?.receive(request, for: serial) }
            self.link = link
            waiting.append(done)
            try broker.start(configuration(firmwarePort: firmwarePort, link: link))
            for (serial, runner) in runners {
                runner.publish = { [weak link] in link?.publish($0, as: serial) }
            }
            link.open()
        } catch {
            waiting.append(done)
            finish(.failure(error))
        }
    }

    /// Ends mosquitto. A broker that misbehaves takes the port of the group's only printer.
    func replaceBroker(of runner: PrinterRunner, by behaviour: FaultyBroker.Behaviour) throws {
        end()
        let serial = runner.printer.serial
        let tls = try ServerTLS.printer(
            certificateFile: directory.file("\(serial).pem"), keyFile: directory.file("\(serial).key"))
        let broker = FaultyBroker(
            loop: loop, port: runner.printer.port, tls: tls, serial: serial, behaviour: behaviour
        ) { [weak self] in
            self?.receive($0, for: serial)
        }
        try broker.start()
        faultyBroker = broker
        runner.publish = { [weak broker] in broker?.publish($0) }
    }

    private func receive(_ request: SimulatedRequest, for serial: String) {
        guard let runner = runners[serial] else { return }
        runner.printer.update { $0.requests.append(request) }
        runner.receive(request)
    }

    /// Asks the broker to end; `end` waits for it.
    func beginEnd() {
        broker.beginEnd()
    }

    func end() {
        faultyBroker?.stop()
        faultyBroker = nil
        link?.close()
        link = nil
        broker.end()
        finish(.failure(SimulatorError.brokerFailed(output: "it was stopped")))
    }

    func kill() {
        link?.close()
        link = nil
        broker.kill()
    }

    private func finish(_ result: Result<Void, any Error>) {
        let waiting = waiting
        self.waiting = []
        for done in waiting { done(result) }
    }

    private func brokerEnded(_ error: SimulatorError) {
        link?.close()
        link = nil
        if waiting.isEmpty { onFailure?(error) } else { finish(.failure(error)) }
    }

    private func subscribed(_ subscription: BrokerLog.Subscription) {
        guard subscription.clientID != FirmwareLink.clientID else { return }
        // mosquitto does not log the listener that a client came through; the topic names the printer.
        let named = subscription.topic.split(separator: "/").first { runners[String($0)] != nil }.map(String.init)
        guard let serial = runners.count == 1 ? runners.keys.first : named else { return }
        runners[serial]?.printer.update { $0.subscriptions.append(subscription) }
    }

    private func configuration(firmwarePort: UInt16, link: FirmwareLink) throws -> BrokerConfiguration {
        let firmware = try directory.write(
            Array(link.passwordLine(salt: salt()).utf8), to: "mosquitto-\(name).passwords")
        let reachable = runners.values.filter(\.printer.hasLAN).sorted { $0.printer.port < $1.printer.port }
        var listeners = try reachable.map { runner in
            let printer = runner.printer
            let listener = try listener(
                named: printer.serial, port: printer.port, chain: chain(of: runner.leaf, by: printer.authority),
                user: "bblp", password: runner.accessCode,
                serials: [printer.serial])
            // The camera is the printer's: it shows the same certificate and accepts the same code.
            try runner.camera.start(
                .printer(certificateFile: listener.certificateFile, keyFile: listener.keyFile),
                accessCode: runner.accessCode)
            return listener
        }
        if let cloud {
            listeners.append(
                try listener(
                    named: "cloud", port: cloud.port, chain: chain(of: cloud.leaf, by: cloud.authority),
                    user: cloud.user, password: cloud.password, serials: runners.keys.sorted()))
        }
        return BrokerConfiguration(
            listeners: listeners, firmwarePort: firmwarePort, firmwarePasswordFile: firmware, isRoot: geteuid() == 0)
    }

    /// Writes the files of a listener.
    private func listener(
        named name: String, port: UInt16, chain: [UInt8], user: String, password: String, serials: [String]
    ) throws -> BrokerConfiguration.Listener {
        let rules = BrokerConfiguration.accessRules(user: user, serials: serials)
        let passwords = PasswordFile.line(user: user, password: password, salt: salt())
        return BrokerConfiguration.Listener(
            port: port, certificateFile: try directory.write(chain, to: "\(name).pem"),
            keyFile: try directory.write(key.pem(), to: "\(name).key"),
            passwordFile: try directory.write(Array(passwords.utf8), to: "\(name).passwords"),
            accessFile: try directory.write(Array(rules.utf8), to: "\(name).access"))
    }

    /// The leaf and its issuer, which older printers send along.
    private func chain(of leaf: SimulatedAuthority.Leaf, by authority: SimulatedAuthority) throws -> [UInt8] {
        if let chain = issued[leaf] { return chain }
        let chain = try authority.issue(leaf, for: key).pem() + authority.certificate.pem()
        issued[leaf] = chain
        return chain
    }

    private func salt() -> [UInt8] {
        (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
}
