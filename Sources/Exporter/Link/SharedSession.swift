import BambuMetrics
import BambuProtocol
import MQTT
import Reactor

/// One session with a broker that many printers share: the cloud's, or one of the user's own. Confined to the loop's thread.
final class SharedSession {
    /// What the session is with. Whom to be there is told later, for it may change.
    struct Settings: Equatable {
        let source: SharedLink.Source
        let host: String
        let port: UInt16
        let security: Security
        /// What stands in front of `device/SERIAL/report`.
        var topicPrefix = ""
        /// Whether every printer that reports there is wanted, and not only those that joined.
        var takesEveryone = false
    }

    enum Security: Equatable {
        /// The host's name is checked, and the chain must lead to the authorities of the file, or of the system.
        case verified(authorityFile: String?)
        /// TLS with whoever answers.
        case unverified
        case plain
    }

    struct Credentials: Equatable {
        let user: String?
        let password: Secret?
    }

    /// So long after one printer the next one is subscribed to and asked, so that an account of hundreds is no burst.
    private static let pace = Duration.milliseconds(50)

    /// What one printer sends, or who plays one, must not take the session from all others: messages that are too large
    /// for a report are taken in, up to here, and refused one by one.
    private static let packetLimit = 16 << 20

    let settings: Settings
    private let around: PrinterSession.Surroundings
    private let onChange: (SharedLink) -> Void
    private var machine: ConnectMachine
    private var dialer: Dialer?
    private var credentials: Credentials?
    private var printers: [String: SharedPrinter] = [:]
    /// Those that wait to be subscribed to.
    private var queue: [String] = []
    private var timer: TimerQueue.Token?
    private var pacer: TimerQueue.Token?
    private var downReason = Link.DownReason.starting
    /// Why there is nothing to connect as.
    private var heldFor: Link.DownReason?
    private var lastComplaint: String?
    private var isStopped = false

    /// A serial number that reports though nobody joined for it, and what it says; only with `takesEveryone`.
    var onStranger: ((String, UnsafeRawBufferPointer) -> Void)?
    /// The broker refused user or password: they may be others by now.
    var onRefused: (() -> Void)?

    init(
        _ settings: Settings, around: PrinterSession.Surroundings, onChange: @escaping (SharedLink) -> Void
    ) {
        self.settings = settings
        self.around = around
        self.onChange = onChange
        machine = ConnectMachine(at: Instant.now())
        dialer = Dialer(around: around) { [weak self] in self?.receive($0) }
        onChange(SharedLink(source: settings.source))
    }

    /// Connects as `credentials`, or goes on as them when it has to connect again.
    func use(_ credentials: Credentials) {
        guard credentials != self.credentials else { return }
        self.credentials = credentials
        heldFor = nil
        machine.hurry(at: Instant.now())
        turn()
    }

    /// Has nothing to connect as: a session that stands stays, and is not made again.
    func hold(_ reason: Link.DownReason) {
        credentials = nil
        heldFor = reason
        guard !machine.isOpen else { return }
        dialer?.hangUp()
        machine.leave(at: Instant.now())
        setDown(reason)
    }

    func join(_ printer: SharedPrinter) {
        let serial = printer.settings.serial
        printers[serial] = printer
        if machine.isOpen { enqueue(serial) } else if downReason != .starting { printer.close(downReason) }
    }

    func leave(_ printer: SharedPrinter) {
        let serial = printer.settings.serial
        guard printers[serial] === printer else { return }
        printers[serial] = nil
        queue.removeAll { $0 == serial }
        if machine.isOpen, !settings.takesEveryone { dialer?.unsubscribe(topic(of: serial, Request.reportTopic)) }
    }

    func stop() {
        isStopped = true
        for token in [timer, pacer].compactMap({ $0 }) { around.loop.cancel(token) }
        dialer?.hangUp()
    }

    private func topic(of serial: String, _ topic: (String) -> String) -> String {
        settings.topicPrefix + topic(serial)
    }

    /// Connects if that is due, and comes back when it will be.
    private func turn() {
        guard !isStopped else { return }
        if let timer { around.loop.cancel(timer) }
        timer = nil
        guard let credentials else { return }
        if machine.tick(at: Instant.now()) { dialer?.dial(target(as: credentials)) }
        guard let deadline = machine.deadline else { return }
        timer = around.loop.schedule(at: deadline) { [weak self] in self?.turn() }
    }

    private func target(as credentials: Credentials) -> Dialer.Target {
        let (settings, authorities) = (settings, around.authorities)
        return Dialer.Target(
            host: settings.host, port: settings.port, user: credentials.user, password: credentials.password,
            packetLimit: Self.packetLimit
        ) {
            switch settings.security {
            case .plain: return nil
            case .unverified: return try TLSContext(name: settings.host, trust: .unverified)
            case .verified(let file):
                let store = try file.map(authorities.store) ?? TrustStore()
                return try TLSContext(name: settings.host, trust: .host(store))
            }
        }
    }

    private func receive(_ event: Dialer.Event) {
        switch event {
        case .unreachable(let failure, let reason): fail(failure, reason)
        case .connection(.secured): break
        case .connection(.accepted): opened()
        case .connection(.subscribed(let isGranted)):
            if !isGranted {
                around.log.warn("The broker refused a subscription", ["source": settings.source.rawValue])
            }
        case .connection(.message(let topic, let payload)): deliver(payload, topic)
        case .connection(.closed(.oversize)):
            // Whose it was is not known: libmosquitto shows nothing of a message before it has all of it.
            fail(
                .network,
                "a message of more than \(Self.packetLimit >> 20) MB came: have the broker refuse those above 1 MB (mosquitto: message_size_limit 1048576)"
            )
        case .connection(.closed(let error)): fail(Link.Failure(error), error.description)
        }
    }

    private func opened() {
        machine.connected(at: Instant.now())
        lastComplaint = nil
        around.log.info(
            "Connected", ["source": settings.source.rawValue, "host": settings.host, "printers": printers.count])
        tellChange()
        if settings.takesEveryone { dialer?.subscribe(topic(of: "+", Request.reportTopic)) }
        queue = []
        for serial in printers.keys.sorted() { enqueue(serial) }
    }

    private func enqueue(_ serial: String) {
        queue.append(serial)
        if pacer == nil { admit() }
    }

    /// Subscribes to the next printer and asks it for everything.
    private func admit() {
        pacer = nil
        guard machine.isOpen, !queue.isEmpty else { return }
        let serial = queue.removeFirst()
        if let printer = printers[serial] {
            if !settings.takesEveryone { dialer?.subscribe(topic(of: serial, Request.reportTopic)) }
            printer.open { [weak self] request in
                guard let self else { return }
                self.dialer?.publish(self.topic(of: serial, Request.topic), request.payload)
            }
        }
        pacer = around.loop.schedule(after: Self.pace) { [weak self] in self?.admit() }
    }

    private func deliver(_ payload: UnsafeRawBufferPointer, _ topic: String) {
        let rest = topic.hasPrefix(settings.topicPrefix) ? topic.dropFirst(settings.topicPrefix.count) : ""
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "device", parts[2] == "report" else { return }
        let serial = String(parts[1])
        if let printer = printers[serial] {
            printer.receive(payload)
        } else if settings.takesEveryone {
            onStranger?(serial, payload)
        }
    }

    private func fail(_ failure: Link.Failure, _ reason: String) {
        dialer?.hangUp()
        queue = []
        let fields: Log.Fields = [
            "source": settings.source.rawValue, "host": settings.host, "reason": failure.rawValue, "detail": reason,
        ]
        if lastComplaint == failure.rawValue {
            around.log.debug("The broker is out of reach", fields)
        } else {
            around.log.warn("The broker is out of reach", fields)
        }
        lastComplaint = failure.rawValue
        machine.failed(failure, at: Instant.now())
        tellChange()
        setDown(heldFor ?? .failure(failure))
        if failure == .auth { onRefused?() }
        turn()
    }

    private func setDown(_ reason: Link.DownReason) {
        downReason = reason
        for printer in printers.values { printer.close(reason) }
    }

    private func tellChange() {
        var link = SharedLink(source: settings.source)
        link.connects = machine.connects
        link.failures = machine.failures
        onChange(link)
    }
}
