import Reactor

/// The cloud of a fleet: its account, the server of the REST API, and the port of the cloud's broker.
///
/// May be used from any thread; commands after `stop` do nothing.
package final class FleetCloud: Sendable {
    package let account: SimulatedAccount
    private let server: CloudServer
    private let ports = Locked((api: UInt16(0), broker: UInt16(0)))
    private let certificateFile: String
    private let keyFile: String
    private let thread: LoopThread
    private let controller: LoopIsolated<FleetController?>

    /// - Parameters:
    ///   - certificateFile: the certificate of the server if it uses TLS.
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

    /// The port of the broker on 127.0.0.1, which uses TLS.
    package var brokerPort: UInt16 { ports.withLock { $0.broker } }

    /// The user name of the token's owner at the broker.
    package var user: String { account.options.user }

    /// Binds a printer to the account, with a task.
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

    /// Replaces the token. The old one is no longer accepted, and the broker closes all sessions.
    package func renewToken() async throws {
        account.renew()
        try await changeBroker { [token = account.token] in $0.password = token }
    }

    /// Replaces the broker's certificate by one for these hosts, such as `DNS:localhost`.
    package func changeHosts(_ hosts: [String]) async throws {
        try await changeBroker {
            $0.leaf.hosts = hosts
            $0.leaf.number += 1
        }
    }

    /// Restarts the broker, which closes all sessions.
    package func restartBroker() async throws {
        try await changeBroker { _ in }
    }

    private func changeBroker(_ change: @escaping @Sendable (inout BrokerGroup.CloudListener) -> Void) async throws {
        try await thread.wait { [controller] done in
            guard let controller = controller.value else { return done(.success(())) }
            controller.changeCloud(change, done)
        }
    }

    /// Schedules the start and end of a fault of the REST API, relative to now.
    package func schedule(_ fault: CloudFault) {
        thread.loop.perform { [account, loop = thread.loop] in
            fault.schedule(on: loop) { account.set(fault, $0) }
        }
    }
}
