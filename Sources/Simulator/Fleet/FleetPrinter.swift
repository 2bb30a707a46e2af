import Reactor

/// One printer of a running fleet, for whoever tests against it. May be used from any thread.
///
/// What it is told to do before `start` or after `stop` it does not do.
package final class FleetPrinter: Sendable {
    private struct State {
        var port: UInt16 = 0
        var cameraPort: UInt16 = 0
        var accessCode: String
        var requests: [SimulatedRequest] = []
        var subscriptions: [BrokerLog.Subscription] = []
        var target: (engine: FleetEngine, loop: EventLoop)?
    }

    package let name: String
    package let serial: String
    package let model: PrinterModel
    /// Whether it can be reached over the LAN.
    package let hasLAN: Bool
    private let state: Locked<State>

    init(name: String, serial: String, model: PrinterModel, accessCode: String, hasLAN: Bool = true) {
        self.name = name
        self.serial = serial
        self.model = model
        self.hasLAN = hasLAN
        state = Locked(State(accessCode: accessCode))
    }

    /// The port on 127.0.0.1; 0 before the fleet was started.
    package var port: UInt16 { state.withLock { $0.port } }
    /// The camera's port on 127.0.0.1; 0 before the fleet was started.
    package var cameraPort: UInt16 { state.withLock { $0.cameraPort } }
    package var accessCode: String { state.withLock { $0.accessCode } }
    /// All that arrived on its request topic.
    package var requests: [SimulatedRequest] { state.withLock { $0.requests } }
    /// All that clients subscribed to, as they named it.
    package var subscriptions: [BrokerLog.Subscription] { state.withLock { $0.subscriptions } }

    func setPort(_ port: UInt16) { state.withLock { $0.port = port } }
    func setCameraPort(_ port: UInt16) { state.withLock { $0.cameraPort = port } }
    func attach(_ engine: FleetEngine, _ loop: EventLoop) { state.withLock { $0.target = (engine, loop) } }
    func detach() { state.withLock { $0.target = nil } }
    func note(_ request: SimulatedRequest) { state.withLock { $0.requests.append(request) } }
    func note(_ subscription: BrokerLog.Subscription) { state.withLock { $0.subscriptions.append(subscription) } }

    /// Publishes anything as the printer, silent or not.
    package func publish(_ payload: [UInt8]) async {
        await onLoop { engine, serial in engine.host(serial)?.publish?(payload) }
    }

    /// Whether it keeps quiet: no report and no answer, while its connections stand.
    package func setSilent(_ isSilent: Bool) async {
        await onLoop { engine, serial in engine.host(serial)?.isSilent = isSilent }
    }

    /// Lets `fault` begin or end now.
    package func set(_ fault: Fault.Kind, _ isOn: Bool) async {
        await onLoop { engine, serial in engine.set(fault, isOn, for: serial) }
    }

    /// How many connections its camera had, and how many viewers at a time at the most.
    package func cameraUse() async -> (connections: Int, mostViewers: Int) {
        let use = Locked((connections: 0, mostViewers: 0))
        await onLoop { engine, serial in
            guard let camera = engine.camera(serial) else { return }
            use.withLock { $0 = (camera.connections, camera.mostViewers) }
        }
        return use.withLock { $0 }
    }

    package func apply(_ command: Machine.Command) async {
        await onLoop { engine, serial in engine.host(serial)?.apply(command) }
    }

    // Below: the broker, which is the printer's alone unless its options say otherwise.

    /// Kills the broker: connections break, nobody listens.
    package func killBroker() async {
        await onLoop { engine, serial in engine.group(serial)?.kill() }
    }

    /// Stops the broker's process where it is: connections stand, and nothing moves on them.
    package func pauseBroker() async {
        await onLoop { engine, serial in engine.group(serial)?.pause() }
    }

    package func resumeBroker() async {
        await onLoop { engine, serial in engine.group(serial)?.resume() }
    }

    /// Starts the broker, or starts it again, on the same port; returns when it answers.
    package func restartBroker() async throws {
        try await restart { _ in }
    }

    /// Lets it show another leaf from now on; connections are broken.
    package func changeCertificate(
        _ change: @escaping @Sendable (inout SimulatedAuthority.Leaf) -> Void = { $0.number += 1 }
    ) async throws {
        try await restart { change(&$0.leaf) }
    }

    /// Lets it take another access code from now on; connections are broken.
    package func changeAccessCode(_ code: String) async throws {
        try await restart { $0.accessCode = code }
        state.withLock { $0.accessCode = code }
    }

    private func restart(_ change: @escaping @Sendable (inout PrinterGroup.Member) -> Void) async throws {
        guard let (engine, loop) = state.withLock({ $0.target }) else { return }
        try await withCheckedThrowingContinuation { continuation in
            loop.perform { [serial] in engine.restart(serial, change) { continuation.resume(with: $0) } }
        }
    }

    private func onLoop(_ body: @escaping @Sendable (FleetEngine, _ serial: String) -> Void) async {
        guard let (engine, loop) = state.withLock({ $0.target }) else { return }
        await withCheckedContinuation { continuation in
            loop.perform { [serial] in
                body(engine, serial)
                continuation.resume()
            }
        }
    }
}
