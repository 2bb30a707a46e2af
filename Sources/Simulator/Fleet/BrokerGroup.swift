import Glibc
import HTTP
import Reactor

/// The printers that share a broker, the broker, and the firmware's link to it. Confined to its loop's thread.
final class PrinterGroup {
    /// What a broker must know of a printer.
    struct Member {
        let host: PrinterHost
        let camera: SimulatedCamera
        var port: UInt16
        var accessCode: String
        var hasLAN = true
        var leaf: SimulatedAuthority.Leaf
        let authority: SimulatedAuthority
    }

    /// The cloud's side of a broker whose printers are bound to the account.
    struct CloudListener {
        var port: UInt16
        var user: String
        var password: String
        var leaf: SimulatedAuthority.Leaf
        let authority: SimulatedAuthority
    }

    private let loop: EventLoop
    private let directory: WorkDirectory
    private let key: PrivateKey
    private let name: String
    private let broker: Broker
    private var link: FirmwareLink?
    /// Takes mosquitto's place while a fault lasts.
    private var faultyBroker: FaultyBroker?
    private var random: SeededGenerator
    /// A leaf issued twice would have two fingerprints, and a restart is not to change what a client remembers.
    private var issued: [SimulatedAuthority.Leaf: [UInt8]] = [:]
    private var waiting: [(Result<Void, any Error>) -> Void] = []
    var members: [String: Member] = [:]
    /// `nil` where none of the printers is bound.
    var cloud: CloudListener?

    var onRequest: ((_ serial: String, SimulatedRequest) -> Void)?
    var onSubscribe: ((_ serial: String, BrokerLog.Subscription) -> Void)?
    /// The broker ended although nobody told it to, after it had come up.
    var onFailure: ((SimulatorError) -> Void)?

    init(loop: EventLoop, directory: WorkDirectory, key: PrivateKey, name: String) {
        self.loop = loop
        self.directory = directory
        self.key = key
        self.name = name
        // Nobody is to guess the password of the firmware's listener, however the fleet was seeded.
        random = SeededGenerator(seed: .random(in: 0...UInt64.max))
        broker = Broker(loop: loop, directory: directory, name: name)
        broker.onEnd = { [weak self] output in self?.brokerEnded(.brokerFailed(output: output)) }
        broker.onSubscribe = { [weak self] subscription in self?.subscribed(subscription) }
    }

    /// Starts the broker, or starts it again as the members now are, on the same ports.
    ///
    /// - Parameter done: called when the broker answers, or failed.
    func start(_ done: @escaping (Result<Void, any Error>) -> Void) {
        do {
            end()
            guard let firmwarePort = try FreePorts.find(1).first else { throw SystemError(EADDRINUSE, "bind") }
            let link = try FirmwareLink(
                loop: loop, port: firmwarePort, password: Spool.hex(16, using: &random))
            link.onOpen = { [weak self] in self?.settle(.success(())) }
            link.onRequest = { [weak self] serial, request in self?.onRequest?(serial, request) }
            self.link = link
            waiting.append(done)
            try broker.start(configuration(firmwarePort: firmwarePort, link: link))
            for member in members.values {
                let serial = member.host.serial
                member.host.publish = { [weak link] in link?.publish($0, as: serial) }
            }
            link.open()
        } catch {
            waiting.append(done)
            settle(.failure(error))
        }
    }

    /// Ends mosquitto and has a broker that misbehaves take the port of the group's only printer.
    func replaceBroker(of serial: String, by behaviour: FaultyBroker.Behaviour) throws {
        guard let member = members[serial] else { return }
        end()
        let tls = try ServerTLS.printer(
            certificateFile: directory.file("\(serial).pem"), keyFile: directory.file("\(serial).key"))
        let broker = FaultyBroker(
            loop: loop, port: member.port, tls: tls, serial: serial, behaviour: behaviour
        ) { [weak self] in
            self?.onRequest?(serial, $0)
        }
        try broker.start()
        faultyBroker = broker
        member.host.publish = { [weak broker] in broker?.publish($0) }
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
        settle(.failure(SimulatorError.brokerFailed(output: "it was stopped")))
    }

    func kill() {
        link?.close()
        link = nil
        broker.kill()
    }

    func pause() { broker.pause() }
    func resume() { broker.resume() }

    private func settle(_ result: Result<Void, any Error>) {
        let waiting = waiting
        self.waiting = []
        for done in waiting { done(result) }
    }

    private func brokerEnded(_ error: SimulatorError) {
        link?.close()
        link = nil
        if waiting.isEmpty { onFailure?(error) } else { settle(.failure(error)) }
    }

    private func subscribed(_ subscription: BrokerLog.Subscription) {
        guard subscription.clientID != FirmwareLink.clientID else { return }
        // Which listener a client came in by mosquitto does not say. On a broker of many it is the serial it named.
        let named = subscription.topic.split(separator: "/").first { members[String($0)] != nil }.map(String.init)
        guard let serial = members.count == 1 ? members.keys.first : named else { return }
        onSubscribe?(serial, subscription)
    }

    private func configuration(firmwarePort: UInt16, link: FirmwareLink) throws -> BrokerConfiguration {
        let firmware = try directory.write(
            Array(link.passwordLine(salt: salt()).utf8), to: "mosquitto-\(name).passwords")
        let reachable = members.values.filter { $0.hasLAN }
        let listeners = try reachable.sorted { $0.port < $1.port }.map { member in
            let serial = member.host.serial
            let chain = try chain(of: member.leaf, by: member.authority)
            let certificateFile = try directory.write(chain, to: "\(serial).pem")
            let keyFile = try directory.write(key.pem(), to: "\(serial).key")
            // The camera is the printer's: it shows the same certificate and takes the same code.
            try member.camera.start(
                .printer(certificateFile: certificateFile, keyFile: keyFile), accessCode: member.accessCode)
            return BrokerConfiguration.Listener(
                serial: serial, port: member.port, certificateFile: certificateFile, keyFile: keyFile,
                passwordFile: try directory.write(
                    Array(PasswordFile.line(user: "bblp", password: member.accessCode, salt: salt()).utf8),
                    to: "\(serial).passwords"),
                accessFile: try directory.write(
                    Array(BrokerConfiguration.accessRules(serial: serial).utf8), to: "\(serial).access"))
        }
        return BrokerConfiguration(
            listeners: try listeners + [cloud].compactMap { $0 }.map(cloudListener), firmwarePort: firmwarePort,
            firmwarePasswordFile: firmware, isRoot: geteuid() == 0)
    }

    private func cloudListener(_ cloud: CloudListener) throws -> BrokerConfiguration.Listener {
        let rules = BrokerConfiguration.cloudAccessRules(user: cloud.user, serials: members.keys.sorted())
        return BrokerConfiguration.Listener(
            serial: "cloud", port: cloud.port,
            certificateFile: try directory.write(chain(of: cloud.leaf, by: cloud.authority), to: "cloud.pem"),
            keyFile: try directory.write(key.pem(), to: "cloud.key"),
            passwordFile: try directory.write(
                Array(PasswordFile.line(user: cloud.user, password: cloud.password, salt: salt()).utf8),
                to: "cloud.passwords"),
            accessFile: try directory.write(Array(rules.utf8), to: "cloud.access"))
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
