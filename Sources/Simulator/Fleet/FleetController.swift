import Reactor

/// A fleet as its loop's thread sees it.
final class FleetEngine: @unchecked Sendable {
    // Sendable, because after `init` it is reached through `EventLoop.perform` alone, and so by one thread.

    /// More listeners than this in one mosquitto, and its handshakes wait for each other.
    private static let printersPerBroker = 100

    /// What the outside knows of a printer, and what it is told.
    struct Setup: Sendable {
        let options: PrinterOptions
        let serial: String
        let accessCode: String
        let seed: UInt64
        let authority: SimulatedAuthority
    }

    private let loop: EventLoop
    private var groups: [PrinterGroup] = []
    private var groupOfPrinter: [String: PrinterGroup] = [:]
    private var hosts: [PrinterHost] = []
    private let printers: [Setup]
    private var cloudGroup: PrinterGroup?
    private var cloudLeaf: SimulatedAuthority.Leaf {
        var leaf = SimulatedAuthority.Leaf(commonName: "mqtt.example.com")
        leaf.hosts = ["DNS:localhost", "IP:127.0.0.1"]
        return leaf
    }

    var onRequest: (@Sendable (_ serial: String, SimulatedRequest) -> Void)?
    var onSubscribe: (@Sendable (_ serial: String, BrokerLog.Subscription) -> Void)?
    var onCameraPort: (@Sendable (_ serial: String, UInt16) -> Void)?
    var onState: (@Sendable (_ serial: String, _ state: String) -> Void)?
    var onFailure: (@Sendable (SimulatorError) -> Void)?

    init(
        loop: EventLoop, printers: [Setup], options: FleetOptions, directory: WorkDirectory, key: PrivateKey
    ) {
        self.loop = loop
        self.printers = printers
        var shared: PrinterGroup?
        // The cloud has one broker for all printers of the account.
        let bound = PrinterGroup(loop: loop, directory: directory, key: key, name: "cloud")
        if let first = printers.first(where: \.options.isBound) {
            groups.append(bound)
            cloudGroup = bound
            bound.cloud = PrinterGroup.CloudListener(
                port: 0, user: "u_\(options.account.uid)", password: "", leaf: cloudLeaf, authority: first.authority)
        }
        for printer in printers {
            let group: PrinterGroup
            if printer.options.isBound {
                group = bound
            } else if !printer.options.hasOwnBroker, let shared, shared.members.count < Self.printersPerBroker {
                group = shared
            } else {
                group = PrinterGroup(loop: loop, directory: directory, key: key, name: "\(groups.count)")
                groups.append(group)
                if !printer.options.hasOwnBroker { shared = group }
            }
            let host = PrinterHost(
                loop: loop, printer: printer.options, serial: printer.serial, seed: printer.seed, options: options)
            hosts.append(host)
            var frame = 0
            let camera = SimulatedCamera(
                loop: loop,
                settings: .init(
                    language: printer.options.model.facts.camera,
                    rate: options.cameraRate ?? printer.options.model.cameraRate, pictureSize: options.pictureSize)
            ) {
                frame += 1
                return host.scene(frame: frame)
            }
            groupOfPrinter[printer.serial] = group
            group.members[printer.serial] = PrinterGroup.Member(
                host: host, camera: camera, port: 0, accessCode: printer.accessCode,
                hasLAN: printer.options.hasLAN,
                leaf: printer.options.leaf ?? SimulatedAuthority.Leaf(commonName: printer.serial),
                authority: printer.authority)
        }
    }

    /// Starts all brokers, then the printers.
    ///
    /// - Parameters:
    ///   - ports: one for each printer, in their order.
    ///   - cloudPort: that of the cloud's broker.
    ///   - token: its password.
    func start(
        ports: [UInt16], cloudPort: UInt16, token: String, _ done: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        for (printer, port) in zip(printers, ports) {
            groupOfPrinter[printer.serial]?.members[printer.serial]?.port = port
        }
        cloudGroup?.cloud?.port = cloudPort
        cloudGroup?.cloud?.password = token
        var left = groups.count
        var problem: (any Error)?
        for group in groups {
            group.onRequest = { [weak self] serial, request in
                guard let self else { return }
                self.onRequest?(serial, request)
                self.host(serial)?.receive(request)
            }
            group.onSubscribe = { [weak self] in self?.onSubscribe?($0, $1) }
            group.onFailure = { [weak self] in self?.onFailure?($0) }
            group.start { result in
                left -= 1
                if case .failure(let error) = result { problem = problem ?? error }
                guard left == 0 else { return }
                if let problem { return done(.failure(problem)) }
                self.startPrinters()
                for printer in self.printers {
                    if let camera = self.camera(printer.serial) { self.onCameraPort?(printer.serial, camera.port) }
                }
                done(.success(()))
            }
        }
        if groups.isEmpty { done(.success(())) }
    }

    private func startPrinters() {
        for (index, host) in hosts.enumerated() {
            if cloudGroup?.members[host.serial] != nil {
                host.onState = { [weak self, serial = host.serial] in self?.onState?(serial, $0) }
            }
            host.start(after: .milliseconds(1000 * index / max(1, hosts.count)))
        }
    }

    func stop() {
        for host in hosts { host.stop() }
        for group in groups { for member in group.members.values { member.camera.stop() } }
        for group in groups { group.beginEnd() }
        for group in groups { group.end() }
    }

    /// Changes the cloud's side of the broker, which starts again: connections break.
    func changeCloud(
        _ change: (inout PrinterGroup.CloudListener) -> Void,
        _ done: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        guard let group = cloudGroup, var cloud = group.cloud else { return done(.success(())) }
        change(&cloud)
        group.cloud = cloud
        group.start(done)
    }

    func group(_ serial: String) -> PrinterGroup? { groupOfPrinter[serial] }
    func camera(_ serial: String) -> SimulatedCamera? { groupOfPrinter[serial]?.members[serial]?.camera }
    func host(_ serial: String) -> PrinterHost? { groupOfPrinter[serial]?.members[serial]?.host }

    /// Starts a printer's broker again with what `change` makes of the printer.
    func restart(
        _ serial: String, _ change: (inout PrinterGroup.Member) -> Void,
        _ done: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        guard let group = groupOfPrinter[serial] else { return done(.success(())) }
        if var member = group.members[serial] {
            change(&member)
            group.members[serial] = member
        }
        group.start(done)
    }

    /// Lets `fault` begin and end at its times, counted from now.
    func schedule(_ fault: Fault, for serial: String) {
        fault.times.schedule(on: loop) { [weak self] in self?.set(fault.kind, $0, for: serial) }
    }

    func set(_ kind: Fault.Kind, _ isOn: Bool, for serial: String) {
        let report: @Sendable (Result<Void, any Error>) -> Void = { [onFailure] result in
            guard case .failure(let error) = result else { return }
            onFailure?(error as? SimulatorError ?? .brokerFailed(output: "\(error)"))
        }
        switch kind {
        case .silence:
            host(serial)?.isSilent = isOn
        case .deaf:
            host(serial)?.isDeaf = isOn
        case .garbage:
            host(serial)?.garbage = isOn ? Garbage() : nil
        case .disconnect:
            if isOn { groupOfPrinter[serial]?.end() } else { restart(serial, { _ in }, report) }
        case .refuse:
            let code = printers.first { $0.serial == serial }?.accessCode ?? ""
            restart(serial, { $0.accessCode = isOn ? "refused-" + code : code }, report)
        case .wrongCertificate:
            restart(serial, { $0.leaf.number += isOn ? 1000 : -1000 }, report)
        case .denySubscription, .kick, .mutesTLS13:
            guard let behaviour = kind.brokerBehaviour, let group = groupOfPrinter[serial] else { return }
            do {
                if isOn {
                    try group.replaceBroker(of: serial, by: behaviour)
                } else {
                    restart(serial, { _ in }, report)
                }
            } catch {
                report(.failure(error))
            }
        case .liveviewOff:
            host(serial)?.apply(.setLiveview(on: !isOn))
            camera(serial)?.set(.cameraOff, isOn)
        case .cameraOff, .cameraBusy, .cameraRefuse, .cameraMute, .cameraStall, .cameraFrozen, .cameraTruncate,
            .cameraSize, .cameraHeader, .cameraNoise, .cameraDribble, .cameraClose:
            camera(serial)?.set(kind, isOn)
        case .wet:
            host(serial)?.apply(.setHumidity(isOn ? 66 : 22))
        case .lowFilament:
            host(serial)?.apply(.putSpool(left: isOn ? 0.08 : 1))
        case .failedPrint:
            if isOn { host(serial)?.apply(.spoil) }
        case .ranOut:
            host(serial)?.apply(isOn ? .runOut : .resume)
        case .drying:
            if isOn { host(serial)?.apply(.dryFirst(celsius: 55, hours: 12)) }
        case .dryingRefused, .open, .exhaust, .cardReadOnly, .cardOut, .developerMode, .hotendSwap:
            if kind == .open { host(serial)?.apply(.setDoor(open: isOn)) }
            if let change = kind.change(isOn) { host(serial)?.apply(.fit(change)) }
        }
    }
}
