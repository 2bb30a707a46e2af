import Reactor

/// One printer of a running fleet, for tests against it. May be used from any thread; commands after `stop` do nothing.
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
    /// `nil` after the fleet was stopped.
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
    /// Whether it can be reached over the LAN.
    package var hasLAN: Bool { options.hasLAN }
    /// The port on 127.0.0.1; 0 before the fleet was started.
    package var port: UInt16 { state.withLock { $0.port } }
    /// The camera's port on 127.0.0.1; 0 before the fleet was started.
    package var cameraPort: UInt16 { state.withLock { $0.cameraPort } }
    package var accessCode: String { state.withLock { $0.accessCode } }
    /// All that arrived on its request topic.
    package var requests: [SimulatedRequest] { state.withLock { $0.requests } }
    /// All that clients subscribed to, as they named it.
    package var subscriptions: [BrokerLog.Subscription] { state.withLock { $0.subscriptions } }

    func update(_ change: (inout State) -> Void) { state.withLock(change) }

    /// Publishes anything as the printer, silent or not.
    package func publish(_ payload: [UInt8]) async { await onLoop { $0.publish?(payload) } }

    /// Whether it keeps quiet: no report and no answer, while its connections stand.
    package func setSilent(_ isSilent: Bool) async { await onLoop { $0.isSilent = isSilent } }

    /// Lets `fault` begin or end now.
    package func set(_ fault: Fault.Kind, _ isOn: Bool) async { await onLoop { $0.set(fault, isOn) } }

    /// How many connections its camera had, and how many viewers at a time at the most.
    package func cameraUse() async -> (connections: Int, mostViewers: Int) {
        await onLoop { ($0.camera.connections, $0.camera.mostViewers) } ?? (0, 0)
    }

    package func apply(_ command: Machine.Command) async { await onLoop { $0.apply(command) } }

    // Below: the broker, which is the printer's alone unless its options say otherwise.

    /// Kills the broker: connections break, and its ports are closed.
    package func killBroker() async { await onLoop { $0.group.kill() } }

    /// Stops the broker's process where it is: connections stand, and nothing moves on them.
    package func pauseBroker() async { await onLoop { $0.group.broker.pause() } }

    package func resumeBroker() async { await onLoop { $0.group.broker.resume() } }

    /// Starts the broker, or starts it again, on the same port; returns when it answers.
    package func restartBroker() async throws { try await restart { _ in } }

    /// Shows another leaf from now on; connections are broken.
    package func changeCertificate(
        _ change: @escaping @Sendable (inout SimulatedAuthority.Leaf) -> Void = { $0.number += 1 }
    ) async throws {
        try await restart { change(&$0.leaf) }
    }

    /// Takes another access code from now on; connections are broken.
    package func changeAccessCode(_ code: String) async throws {
        try await restart { $0.accessCode = code }
        update { $0.accessCode = code }
    }

    /// Lets `fault` begin and end at its times, counted from now.
    func schedule(_ fault: Fault) { thread.loop.perform { [runner] in runner.value?.schedule(fault) } }

    private func restart(_ change: @escaping @Sendable (PrinterRunner) -> Void) async throws {
        try await thread.wait { [runner] done in
            guard let runner = runner.value else { return done(.success(())) }
            runner.restartBroker(done, change)
        }
    }

    @discardableResult
    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable (PrinterRunner) -> Value) async -> Value? {
        let value = try? await thread.run { [runner] in runner.value.map(body) }
        return value ?? nil
    }
}
