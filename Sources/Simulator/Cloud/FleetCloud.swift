import FoundationEssentials
import Platform
import Reactor

/// The cloud of a fleet: its account, the server of the REST API, and the cloud's broker.
///
/// May be used from any thread; commands after `stop` do nothing.
package final class FleetCloud: Sendable {
    package let account: SimulatedAccount
    private let server: CloudServer
    private let ports = Locked((api: UInt16(0), broker: UInt16(0)))
    private let certificateFile: String
    private let keyFile: String
    private let thread: LoopThread
    private let group: LoopIsolated<BrokerGroup>

    /// Creates an account to which `printers` are bound, and adds their broker to `plan`.
    init(
        of printers: [FleetPrinter], in plan: inout BrokerPlan, authority: SimulatedAuthority, thread: LoopThread
    ) throws {
        account = SimulatedAccount(plan.options.account)
        server = try CloudServer(account)
        self.thread = thread
        let certificate = try authority.issue(Self.leaf("api.example.com", number: 77), for: plan.key)
        certificateFile = try plan.directory.write(certificate.pem(), to: "api.pem")
        keyFile = try plan.directory.write(plan.key.pem(), to: "api.key")
        let broker = plan.addGroup()
        let access = BrokerGroup.Access(
            user: account.options.user, password: "", leaf: Self.leaf("mqtt.example.com", number: 1),
            authority: authority)
        broker.cloud = (port: 0, access: access)
        group = LoopIsolated(broker)
        for printer in printers {
            account.bind(Self.device(printer))
            broker.add(printer, plan.options, account: account)
        }
    }

    private static func leaf(_ name: String, number: Int) -> SimulatedAuthority.Leaf {
        SimulatedAuthority.Leaf(commonName: name, number: number, hosts: ["DNS:localhost", "IP:127.0.0.1"])
    }

    /// A printer as a device of the account, with a task that started half an hour ago.
    private static func device(_ printer: FleetPrinter) -> SimulatedAccount.Device {
        var device = SimulatedAccount.Device(
            serial: printer.serial, name: printer.name, model: printer.model, accessCode: printer.accessCode)
        device.task = JSONText(fixture: PackageResources.task_json).description
            .replacing("{serial}", with: printer.serial)
            .replacing("{start}", with: Date(timeIntervalSinceNow: -1800).formatted(.iso8601))
        return device
    }

    /// The value for `cloud.api_url`.
    package var url: String {
        let port = ports.withLock { $0.api }
        return account.options.isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)"
    }

    /// The port of the broker on 127.0.0.1, which uses TLS.
    package var brokerPort: UInt16 { ports.withLock { $0.broker } }

    package var user: String { account.options.user }

    /// Sets the broker's port, and its password to the current token.
    func prepareBroker(port: UInt16) async throws {
        ports.withLock { $0.broker = port }
        try await thread.run { [group, token = account.token] in
            group.value.cloud?.port = port
            group.value.cloud?.access.password = token
        }
    }

    func start() throws {
        let port = try server.start(
            port: account.options.port, certificateFile: account.options.isSecure ? certificateFile : nil,
            keyFile: keyFile)
        ports.withLock { $0.api = port }
    }

    func stop() {
        server.stop()
    }

    /// Replaces the token. The old one is no longer accepted, and the broker closes all sessions.
    package func renewToken() async throws {
        account.renew()
        try await restartBroker { [token = account.token] in $0.password = token }
    }

    /// Replaces the broker's certificate by one for these hosts, such as `DNS:localhost`.
    package func changeHosts(_ hosts: [String]) async throws {
        try await restartBroker {
            $0.leaf.hosts = hosts
            $0.leaf.number += 1
        }
    }

    /// Restarts the broker, which closes all sessions.
    package func restartBroker() async throws {
        try await restartBroker { _ in }
    }

    private func restartBroker(_ change: @escaping @Sendable (inout BrokerGroup.Access) -> Void) async throws {
        try await thread.wait(else: ()) { [group] done in
            if var cloud = group.value.cloud {
                change(&cloud.access)
                group.value.cloud = cloud
            }
            group.value.start(done)
        }
    }

    /// Schedules the start and end of a fault of the REST API, relative to now.
    package func schedule(_ fault: CloudFault) {
        thread.loop.perform { [account, loop = thread.loop] in
            fault.schedule(on: loop) { account.set(fault, $0) }
        }
    }
}
