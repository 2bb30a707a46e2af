import Glibc
import Reactor

/// The cloud of a fleet: the account that its printers are bound to, the server of that account's REST interface, and the
/// port of its broker. May be used from any thread.
package final class FleetCloud: Sendable {
    private struct Ports {
        var api: UInt16 = 0
        var broker: UInt16 = 0
    }

    package let account: SimulatedAccount
    private let server: CloudServer
    private let ports = Locked(Ports())
    private let certificateFile: String
    private let keyFile: String
    private let brokerTarget: Locked<(engine: FleetEngine, loop: EventLoop)?>

    /// - Parameters:
    ///   - certificateFile: what the server shows where it has TLS.
    ///   - keyFile: the key of that certificate.
    init(
        _ options: AccountOptions, engine: FleetEngine, loop: EventLoop, certificateFile: String, keyFile: String
    ) throws {
        account = SimulatedAccount(options)
        server = try CloudServer(account)
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        brokerTarget = Locked((engine, loop))
    }

    /// What `cloud.api_url` takes.
    package var url: String {
        let port = ports.withLock { $0.api }
        return account.options.isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)"
    }

    /// The port of the broker on 127.0.0.1, which has TLS.
    package var brokerPort: UInt16 { ports.withLock { $0.broker } }

    /// The name that the token's owner has at the broker.
    package var user: String { "u_\(account.options.uid)" }

    /// Binds a printer to the account, with a task of its own.
    func bind(_ printer: FleetPrinter) {
        var device = SimulatedAccount.Device(
            serial: printer.serial, name: printer.name, model: printer.model, accessCode: printer.accessCode)
        device.task = """
            {"id":1,"title":"bracket.3mf","status":4,"startTime":"2026-01-02T03:04:05Z","endTime":"2026-01-02T03:04:05Z",\
            "weight":42.5,"length":1420,"costTime":7200,"deviceId":"\(printer.serial)","deviceName":"","plateIndex":1,\
            "mode":"cloud_file","amsDetailMapping":[{"ams":0,"sourceColor":"FFFFFFFF","targetColor":"FFFFFFFF",\
            "filamentId":"GFA00","filamentType":"PLA","weight":40},{"ams":1,"filamentType":"PLA","weight":2.5}]}
            """
        account.bind(device)
    }

    func start(brokerPort: UInt16) throws {
        let isSecure = account.options.isSecure
        let api = try server.start(
            port: account.options.port, certificateFile: isSecure ? certificateFile : nil,
            keyFile: isSecure ? keyFile : nil)
        ports.withLock { $0 = Ports(api: api, broker: brokerPort) }
    }

    func stop() {
        brokerTarget.withLock { $0 = nil }
        server.stop()
    }

    /// Makes another token; the one before holds no longer, and the broker breaks all sessions.
    package func renewToken() async throws {
        account.renew()
        try await changeBroker { [token = account.token] in $0.password = token }
    }

    /// Lets the broker show a certificate for these hosts from now on, such as `DNS:localhost`.
    package func changeHosts(_ hosts: [String]) async throws {
        try await changeBroker {
            $0.leaf.hosts = hosts
            $0.leaf.number += 1
        }
    }

    /// Starts the broker again: all sessions break.
    package func restartBroker() async throws {
        try await changeBroker { _ in }
    }

    private func changeBroker(_ change: @escaping @Sendable (inout PrinterGroup.CloudListener) -> Void) async throws {
        guard let (engine, loop) = brokerTarget.withLock({ $0 }) else { return }
        try await withCheckedThrowingContinuation { continuation in
            loop.perform { engine.changeCloud(change) { continuation.resume(with: $0) } }
        }
    }

    /// Lets a fault come over the REST interface, and go; times count from now.
    package func schedule(_ fault: CloudFault) {
        guard let (_, loop) = brokerTarget.withLock({ $0 }) else { return }
        loop.perform { [account] in
            fault.times.schedule(on: loop) { account.set(fault, $0) }
        }
    }
}
