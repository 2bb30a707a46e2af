import MQTT
import Platform
import Reactor

/// The firmware's connection to a broker: publishes reports, receives requests, and reconnects.
///
/// Confined to its loop's thread.
final class FirmwareLink {
    /// The client id, which is also the user name.
    static let clientID = "firmware"

    private let loop: EventLoop
    private let address: SocketAddress
    private let password: Secret
    private var connection: Connection?
    private var retry: TimerQueue.Token?
    private var isOpen = false
    private var isClosed = false

    var onOpen: (() -> Void)?
    var onRequest: ((_ serial: String, SimulatedRequest) -> Void)?

    init(loop: EventLoop, port: UInt16, password: String) throws {
        self.loop = loop
        self.password = Secret(password)
        address = try SocketAddress(numeric: "127.0.0.1", port: port)
    }

    /// The line of the password file for the user of this link.
    func passwordLine(salt: [UInt8]) -> String {
        PasswordFile.line(user: Self.clientID, password: password.revealed, salt: salt)
    }

    /// Connects, and retries until `close`.
    func open() {
        guard !isClosed else { return }
        var options = Connection.Options(clientID: Self.clientID, user: Self.clientID, password: password)
        options.deadline = .seconds(2)
        options.highestQualityOfService = 2
        do {
            let connection = try Connection(loop: loop, options: options, tls: nil) { [weak self] in self?.handle($0) }
            self.connection = connection
            connection.open(address)
        } catch {
            retryLater()
        }
    }

    func close() {
        isClosed = true
        isOpen = false
        if let retry { loop.cancel(retry) }
        connection?.close()
        connection = nil
    }

    /// Publishes as the printer `serial`; without a broker the message is lost, as on a real printer.
    func publish(_ payload: [UInt8], as serial: String) {
        guard isOpen else { return }
        connection?.publish("device/\(serial)/report", payload, qualityOfService: 0)
    }

    private func handle(_ event: Connection.Event) {
        switch event {
        case .secured, .subscribed(_, isGranted: true):
            break
        case .accepted:
            isOpen = true
            // Quality of service 2, so that the broker does not downgrade what a client chose.
            connection?.subscribe("device/+/request", qualityOfService: 2)
            onOpen?()
        case .message(let message):
            let parts = message.topic.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3 else { return }
            let quality = Int(message.qualityOfService)
            onRequest?(String(parts[1]), SimulatedRequest(payload: message.payload, qualityOfService: quality))
        case .subscribed(_, isGranted: false), .closed:
            isOpen = false
            retryLater()
        }
    }

    private func retryLater() {
        connection = nil
        retry = loop.schedule(after: .milliseconds(20)) { [weak self] in self?.open() }
    }
}
