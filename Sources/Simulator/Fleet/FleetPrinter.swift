import Glibc
import Platform
import Reactor

/// A printer of a running fleet, as seen by tests. May be used from any thread; commands after `stop` do nothing.
package final class FleetPrinter: Sendable {
    struct State {
        var port: UInt16 = 0
        var cameraPort: UInt16 = 0
        var accessCode: String
        var requests: [SimulatedRequest] = []
        var subscriptions: [BrokerLog.Subscription] = []
    }

    package let name: String
    package let serial: String
    let options: PrinterOptions
    let seed: UInt64
    let authority: SimulatedAuthority
    /// The runner; `nil` after the fleet was stopped.
    let runner = LoopIsolated<PrinterRunner?>(nil)
    private let thread: LoopThread
    private let state: Locked<State>

    init(
        _ options: PrinterOptions, name: String, serial: String, accessCode: String, seed: UInt64,
        authority: SimulatedAuthority, thread: LoopThread
    ) {
        self.name = name
        self.serial = serial
        self.options = options
        self.seed = seed
        self.authority = authority
        self.thread = thread
        state = Locked(State(accessCode: accessCode))
    }

    package var model: PrinterModel { options.model }
    package var hasLAN: Bool { options.hasLAN }
    /// The port on 127.0.0.1; 0 before the start.
    package var port: UInt16 { state.withLock { $0.port } }
    /// The camera's port on 127.0.0.1; 0 before the start.
    package var cameraPort: UInt16 { state.withLock { $0.cameraPort } }
    package var accessCode: String { state.withLock { $0.accessCode } }
    package var requests: [SimulatedRequest] { state.withLock { $0.requests } }
    package var subscriptions: [BrokerLog.Subscription] { state.withLock { $0.subscriptions } }

    func update(_ change: (inout State) -> Void) { state.withLock(change) }

    /// Publishes a payload as the printer, even if it is silent.
    package func publish(_ payload: [UInt8]) async { await onLoop { $0.publish(payload) } }

    /// Sets whether the printer sends no reports and no answers while its connections stay open.
    package func setSilent(_ isSilent: Bool) async { await onLoop { $0.isSilent = isSilent } }

    package func set(_ fault: Fault.Kind, _ isOn: Bool) async { await onLoop { $0.set(fault, isOn) } }

    /// Returns the number of connections to the camera and the largest number of simultaneous viewers.
    package func cameraUse() async -> (connections: Int, mostViewers: Int) {
        await onLoop { ($0.camera.connections, $0.camera.mostViewers) } ?? (0, 0)
    }

    package func apply(_ command: Machine.Command) async { await onLoop { $0.apply(command) } }

    /// Kills the broker: connections break, and its ports are closed.
    package func killBroker() async { await onLoop { $0.group.kill() } }

    /// Suspends the broker's process: connections stay open, but no data is transferred.
    package func pauseBroker() async { await onLoop { $0.group.broker.send(SIGSTOP) } }

    package func resumeBroker() async { await onLoop { $0.group.broker.send(SIGCONT) } }

    /// Starts or restarts the broker on the same port; returns when it answers.
    package func restartBroker() async throws { try await restart { _ in } }

    package func changeCertificate(
        _ change: @escaping @Sendable (inout SimulatedAuthority.Leaf) -> Void = { $0.number += 1 }
    ) async throws {
        try await restart { change(&$0.access.leaf) }
    }

    package func changeAccessCode(_ code: String) async throws {
        try await restart { $0.access.password = code }
        update { $0.accessCode = code }
    }

    func schedule(_ fault: Fault) { thread.loop.perform { [runner] in runner.value?.schedule(fault) } }

    private func restart(_ change: @escaping @Sendable (PrinterRunner) -> Void) async throws {
        try await thread.wait(else: ()) { [runner] done in
            guard let runner = runner.value else { return done(.success(())) }
            change(runner)
            runner.group.start(done)
        }
    }

    @discardableResult
    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable (PrinterRunner) -> Value) async -> Value? {
        let value = try? await thread.run { [runner] in runner.value.map(body) }
        return value ?? nil
    }
}
