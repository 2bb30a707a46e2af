import BambuMetrics
import Platform
import Testing

@testable import BambuProtocol
@testable import Exporter

/// One printer of a shared session with a manual clock.
private struct Harness {
    var machine = TelemetryStateMachine(.init(staleAfter: .seconds(90)))
    var now = Instant(nanoseconds: 1_000_000_000_000)

    mutating func after(
        _ delay: Duration, _ event: (inout TelemetryStateMachine, Instant) -> [TelemetryStateMachine.Action]
    )
        -> [TelemetryStateMachine.Action]
    {
        now = now + delay
        return event(&machine, now)
    }

    /// Advances the clock and ticks at every deadline of the machine.
    mutating func pass(_ duration: Duration) -> [TelemetryStateMachine.Action] {
        let end = now + duration
        var actions: [TelemetryStateMachine.Action] = []
        var turns = 0
        while let due = machine.deadline, due <= end, turns < 1000 {
            now = max(due, now)
            actions += machine.tick(at: now)
            turns += 1
        }
        #expect(turns < 1000)
        now = end
        return actions
    }

    mutating func receive(_ outcome: Printer.MessageOutcome) -> [TelemetryStateMachine.Action] {
        after(.zero) { $0.willReceive(at: $1) + $0.received(outcome, at: $1) }
    }

    mutating func open() {
        _ = after(.zero) { $0.opened(at: $1) }
        _ = receive(Printer.MessageOutcome(isReport: true))
    }
}

@Suite("TelemetryStateMachine")
struct TelemetryStateMachineTests {
    @Test func `a machine that takes over keeps the minute between full reports`() {
        var harness = Harness()
        harness.open()
        harness.machine = TelemetryStateMachine(after: harness.machine, .init(staleAfter: .seconds(60)))
        #expect(!harness.machine.isUp && !harness.machine.isConnected)
        #expect(harness.machine.downReason == .starting)
        #expect(harness.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        _ = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(harness.machine.isUp)
        #expect(harness.pass(.seconds(49)).allSatisfy { $0 == .send(.start) })
        #expect(harness.pass(.seconds(2)).contains(.send(.pushAll)))
    }

    @Test func `silence is reported once and ends without a reconnect`() {
        var harness = Harness()
        harness.open()
        let actions = harness.pass(.seconds(600))
        #expect(actions.count { $0 == .silent } == 1 && actions.count { $0 == .forget } == 1)
        #expect(actions.contains(.send(.start)))
        #expect(!harness.machine.isUp && harness.machine.downReason == .silent && harness.machine.isConnected)
        // Meanwhile requests keep their usual pace: after the nudge and at every resync.
        #expect(actions.count { $0 == .send(.pushAll) } == 2)
        _ = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(harness.machine.isUp)
        #expect(harness.pass(.seconds(100)).contains(.silent))
    }

    @Test func `a printer that left gets no requests until it is back`() {
        var harness = Harness()
        harness.open()
        #expect(harness.receive(Printer.MessageOutcome(presence: .disconnected)) == [.interrupt])
        #expect(!harness.machine.isUp && harness.machine.downReason == .cloudOffline)
        #expect(harness.pass(.seconds(86_400 * 2)) == [.forget])
        #expect(harness.machine.downReason == .cloudOffline)
        #expect(harness.receive(Printer.MessageOutcome(presence: .connected)) == [.send(.getVersion), .send(.pushAll)])
        #expect(!harness.machine.isUp)
        _ = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(harness.machine.isUp)
    }

    @Test func `a printer that comes and goes is fully requested once a minute`() {
        var harness = Harness()
        harness.open()
        var actions: [TelemetryStateMachine.Action] = []
        for _ in 0..<30 {
            actions += harness.receive(Printer.MessageOutcome(presence: .disconnected))
            actions += harness.receive(Printer.MessageOutcome(presence: .connected))
            actions += harness.pass(.seconds(10))
        }
        #expect(actions.count { $0 == .send(.pushAll) } == 5)
    }

    @Test func `events without a session change nothing`() {
        var harness = Harness()
        #expect(harness.receive(Printer.MessageOutcome(presence: .connected)).isEmpty)
        #expect(harness.receive(Printer.MessageOutcome(presence: .disconnected)).isEmpty)
        #expect(harness.machine.deadline == nil && harness.machine.downReason == .starting)
    }

    @Test func `a lost session takes the printer down, and reports resume after it`() {
        var harness = Harness()
        harness.open()
        #expect(harness.after(.seconds(1)) { $0.closed(.failure(.network), at: $1) } == [.interrupt])
        #expect(!harness.machine.isUp && harness.machine.downReason == .failure(.network))
        #expect(harness.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        #expect(harness.pass(.seconds(50)).contains(.send(.pushAll)))
    }

    @Test func `a session requests version and full report, a report brings it up`() {
        var harness = Harness()
        #expect(harness.after(.zero) { $0.opened(at: $1) } == [.send(.getVersion), .send(.pushAll)])
        #expect(harness.machine.isConnected && !harness.machine.isUp && harness.machine.downReason == .starting)
        #expect(harness.receive(Printer.MessageOutcome(isVersion: true)).isEmpty)
        #expect(harness.receive(Printer.MessageOutcome(rejection: .json)).isEmpty)
        #expect(!harness.machine.isUp)
        #expect(harness.receive(Printer.MessageOutcome(isReport: true)).isEmpty)
        #expect(harness.machine.isUp)
    }

    @Test func `a nudge is sent after two thirds of the silence`() {
        var harness = Harness(machine: TelemetryStateMachine(.init(staleAfter: .seconds(60))))
        harness.open()
        #expect(harness.pass(.seconds(39)).isEmpty)
        #expect(harness.pass(.seconds(2)) == [.send(.start)])
        _ = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(harness.pass(.seconds(20)) == [.send(.pushAll)])
    }

    @Test func `with the default silence, nudge and full report coincide`() {
        var harness = Harness()
        harness.open()
        #expect(harness.pass(.seconds(61)) == [.send(.start), .send(.pushAll)])
    }

    @Test func `a silent printer is down and its state is dropped`() {
        var harness = Harness()
        harness.open()
        #expect(harness.pass(.seconds(95)) == [.send(.start), .send(.pushAll), .silent, .forget, .interrupt])
        #expect(harness.machine.downReason == .silent && !harness.machine.isUp)
    }

    @Test func `a report just after the deadline starts fresh and stays up`() {
        var harness = Harness(machine: TelemetryStateMachine(.init(staleAfter: .seconds(2))))
        harness.open()
        _ = harness.pass(.seconds(1))
        harness.now = harness.now + .milliseconds(1005)
        let actions = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(actions == [.forget, .interrupt] && harness.machine.isUp)
        // A full report is requested a minute after the last request.
        var later: [TelemetryStateMachine.Action] = []
        for _ in 0..<59 { later += harness.pass(.seconds(1)) + harness.receive(Printer.MessageOutcome(isReport: true)) }
        #expect(later.count { $0 == .send(.pushAll) } == 1)
    }

    @Test func `a report after a reported silence causes a full request`() {
        var harness = Harness()
        harness.open()
        _ = harness.pass(.seconds(125))
        #expect(harness.machine.downReason == .silent)
        #expect(harness.receive(Printer.MessageOutcome(isReport: true)) == [.send(.pushAll)])
    }

    @Test func `reports in time keep a printer up`() {
        var harness = Harness()
        harness.open()
        for _ in 0..<1000 {
            let actions = harness.pass(.seconds(32)) + harness.receive(Printer.MessageOutcome(isReport: true))
            #expect(actions.allSatisfy { $0 == .send(.pushAll) || $0 == .send(.getVersion) })
        }
        #expect(harness.machine.isUp)
    }

    @Test func `a printer that never reported is shown so until its first report`() {
        var harness = Harness()
        for _ in 0..<3 {
            _ = harness.after(.zero) { $0.opened(at: $1) }
            _ = harness.pass(.seconds(95))
            #expect(harness.machine.downReason == .neverReported)
            _ = harness.after(.zero) { $0.closed(at: $1) }
        }
        _ = harness.after(.zero) { $0.opened(at: $1) }
        #expect(harness.machine.downReason == .neverReported)
        _ = harness.receive(Printer.MessageOutcome(isReport: true))
        #expect(harness.machine.isUp)
    }

    @Test func `merged state survives a short gap, but not a long one`() {
        var harness = Harness()
        harness.open()
        _ = harness.after(.zero) { $0.closed(.failure(.network), at: $1) }
        #expect(!harness.pass(.seconds(80)).contains(.forget))
        #expect(harness.pass(.seconds(20)).contains(.forget))
    }

    @Test func `losses cause at most one full report a minute`() {
        var harness = Harness(machine: TelemetryStateMachine(.init(resyncInterval: .seconds(10))))
        harness.open()
        var requests = 0
        for _ in 0..<600 {
            let report = Printer.MessageOutcome(isReport: true, isAfterLoss: true)
            let actions = harness.pass(.seconds(1)) + harness.receive(report)
            requests += actions.count { $0 == .send(.pushAll) }
        }
        #expect(requests == 10)
    }

    @Test func `the version is requested again after a day`() {
        var harness = Harness()
        harness.open()
        var versions = 0
        for _ in 0..<(24 * 60 + 1) {
            let actions = harness.pass(.seconds(60)) + harness.receive(Printer.MessageOutcome(isReport: true))
            versions += actions.count { $0 == .send(.getVersion) }
        }
        #expect(versions == 1)
    }

    @Test func `a flood of connected events requests the version once a minute`() {
        var harness = Harness()
        harness.open()
        var versions = 0
        for _ in 0..<1000 {
            versions += harness.receive(Printer.MessageOutcome(presence: .connected)).count { $0 == .send(.getVersion) }
        }
        #expect(versions == 1)
        _ = harness.pass(.seconds(61))
        #expect(harness.receive(Printer.MessageOutcome(presence: .connected)).contains(.send(.getVersion)))
    }

    @Test func `a printer with a denied topic is down for auth and gets no requests`() {
        var harness = Harness()
        harness.open()
        #expect(harness.after(.seconds(1)) { $0.denied(at: $1) } == [.interrupt])
        #expect(!harness.machine.isUp && harness.machine.downReason == .failure(.auth) && harness.machine.isConnected)
        #expect(harness.pass(.seconds(86_400)) == [.forget])
    }
}
