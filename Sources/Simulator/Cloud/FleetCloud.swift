import Reactor

/// The cloud of a fleet: the account that its printers are bound to, the server of that account's REST interface, and the
/// port of its broker. May be used from any thread; commands after `stop` do nothing.
package final class FleetCloud: Sendable {
    package let account: SimulatedAccount
    private let server: CloudServer
    private let ports = Locked((api: UInt16(0), broker: UInt16(0)))
    private let certificateFile: String
    private let keyFile: String
    private let thread: LoopThread
    private let controller: LoopIsolated<FleetController?>

    /// - Parameters:
    ///   - certificateFile: the certificate of the server if it has TLS.
    ///   - keyFile: the key of that certificate.
    init(
        _ account: SimulatedAccount, thread: LoopThread, controller: LoopIsolated<FleetController?>,
        certificateFile: String, keyFile: String
    ) throws {
        self.account = account
        self.thread = thread
        self.controller = controller
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        server = try CloudServer(account)
    }

    /// The value for `cloud.api_url`.
    package var url: String {
        let port = ports.withLock { $0.api }
        return account.options.isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)"
    }

    /// The port of the broker on 127.0.0.1, which has TLS.
    package var brokerPort: UInt16 { ports.withLock { $0.broker } }

    /// The name that the token's owner has at the broker.
    package var user: String { account.options.user }

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
            port: account.options.port, certificateFile: isSecure ? certificateFile : nil, keyFile: keyFile)
        ports.withLock { $0 = (api, brokerPort) }
    }

    func stop() {
        server.stop()
    }

    /// Makes another token; the one before is no longer accepted, and the broker breaks all sessions.
    package func renewToken() async throws {
        account.renew()
        try await changeBroker { [token = account.token] in $0.password = token }
    }

    /// Shows a certificate of the broker for these hosts from now on, such as `DNS:localhost`.
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

    private func changeBroker(_ change: @escaping @Sendable (inout BrokerGroup.CloudListener) -> Void) async throws {
        try await thread.wait { [controller] done in
            guard let controller = controller.value else { return done(.success(())) }
            controller.changeCloud(change, done)
        }
    }

    /// Lets a fault of the REST interface begin and end at its times, counted from now.
    package func schedule(_ fault: CloudFault) {
        thread.loop.perform { [account, loop = thread.loop] in
            fault.schedule(on: loop) { account.set(fault, $0) }
        }
    }
}
