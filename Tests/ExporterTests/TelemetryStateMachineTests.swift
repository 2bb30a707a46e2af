import BambuMetrics
import Reactor
import Testing

@testable import BambuProtocol
@testable import Exporter

/// One printer of a shared session, and a clock that is set by hand.
private struct Bench {
    var machine = TelemetryStateMachine(staleAfter: .seconds(90), resyncInterval: .seconds(300))
    var now = Instant(nanoseconds: 1_000_000_000_000)

    mutating func after(
        _ delay: Duration, _ event: (inout TelemetryStateMachine, Instant) -> [TelemetryStateMachine.Action]
    )
        -> [TelemetryStateMachine.Action]
    {
        now = now + delay
        return event(&machine, now)
    }

    /// Lets time pass, ticking whenever the machine asked for it.
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

    mutating func receive(_ receipt: Printer.Receipt) -> [TelemetryStateMachine.Action] {
        after(.zero) { $0.willReceive(at: $1) + $0.received(receipt, at: $1) }
    }

    mutating func open() {
        _ = after(.zero) { $0.opened(at: $1) }
        _ = receive(Printer.Receipt(isReport: true))
    }
}

@Suite("TelemetryStateMachine")
struct TelemetryStateMachineTests {
    @Test func `another reader of the printer goes on where the first was: no second full report within a minute`() {
        var bench = Bench()
        bench.open()
        bench.machine = TelemetryStateMachine(
            after: bench.machine, staleAfter: .seconds(60), resyncInterval: .seconds(300))
        #expect(!bench.machine.isUp && !bench.machine.isConnected)
        #expect(bench.machine.downReason == .starting)
        #expect(bench.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.isUp)
        #expect(bench.pass(.seconds(49)).allSatisfy { $0 == .send(.start) })
        #expect(bench.pass(.seconds(2)).contains(.send(.pushAll)))
    }

    @Test func `silence is told once, and the session is not needed to come back`() {
        var bench = Bench()
        bench.open()
        let actions = bench.pass(.seconds(600))
        #expect(actions.count { $0 == .silent } == 1 && actions.count { $0 == .forget } == 1)
        #expect(actions.contains(.send(.start)))
        #expect(!bench.machine.isUp && bench.machine.downReason == .silent && bench.machine.isConnected)
        // Meanwhile it is asked at the usual pace: after the nudge, and with every resync.
        #expect(actions.count { $0 == .send(.pushAll) } == 2)
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.isUp)
        #expect(bench.pass(.seconds(100)).contains(.silent))
    }

    @Test func `a printer that left is asked nothing until it is back`() {
        var bench = Bench()
        bench.open()
        #expect(bench.receive(Printer.Receipt(presence: .disconnected)) == [.interrupt])
        #expect(!bench.machine.isUp && bench.machine.downReason == .cloudOffline)
        #expect(bench.pass(.seconds(86_400 * 2)) == [.forget])
        #expect(bench.machine.downReason == .cloudOffline)
        #expect(bench.receive(Printer.Receipt(presence: .connected)) == [.send(.getVersion), .send(.pushAll)])
        #expect(!bench.machine.isUp)
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.isUp)
    }

    @Test func `a printer that comes and goes is asked for everything once a minute`() {
        var bench = Bench()
        bench.open()
        var actions: [TelemetryStateMachine.Action] = []
        for _ in 0..<30 {
            actions += bench.receive(Printer.Receipt(presence: .disconnected))
            actions += bench.receive(Printer.Receipt(presence: .connected))
            actions += bench.pass(.seconds(10))
        }
        #expect(actions.count { $0 == .send(.pushAll) } == 5)
    }

    @Test func `an event while there is no session changes nothing`() {
        var bench = Bench()
        #expect(bench.receive(Printer.Receipt(presence: .connected)).isEmpty)
        #expect(bench.receive(Printer.Receipt(presence: .disconnected)).isEmpty)
        #expect(bench.machine.deadline == nil && bench.machine.downReason == .starting)
    }

    @Test func `the loss of the session takes all down with its reason, and reports go on after it`() {
        var bench = Bench()
        bench.open()
        #expect(bench.after(.seconds(1)) { $0.closed(.failure(.network), at: $1) } == [.interrupt])
        #expect(!bench.machine.isUp && bench.machine.downReason == .failure(.network))
        #expect(bench.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        #expect(bench.pass(.seconds(50)).contains(.send(.pushAll)))
    }

    @Test func `a session requests versions and everything, and the first report makes a printer up`() {
        var bench = Bench()
        #expect(bench.after(.zero) { $0.opened(at: $1) } == [.send(.getVersion), .send(.pushAll)])
        #expect(bench.machine.isConnected && !bench.machine.isUp && bench.machine.downReason == .starting)
        #expect(bench.receive(Printer.Receipt(isVersion: true)).isEmpty)
        #expect(bench.receive(Printer.Receipt(rejection: .json)).isEmpty)
        #expect(!bench.machine.isUp)
        #expect(bench.receive(Printer.Receipt(isReport: true)).isEmpty)
        #expect(bench.machine.isUp)
    }

    @Test func `a nudge goes out after two thirds of the silence`() {
        var bench = Bench(machine: TelemetryStateMachine(staleAfter: .seconds(60), resyncInterval: .seconds(300)))
        bench.open()
        #expect(bench.pass(.seconds(39)).isEmpty)
        #expect(bench.pass(.seconds(2)) == [.send(.start)])
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.pass(.seconds(20)) == [.send(.pushAll)])
    }

    @Test func `with the default silence nudge and full report go out together`() {
        var bench = Bench()
        bench.open()
        #expect(bench.pass(.seconds(61)) == [.send(.start), .send(.pushAll)])
    }

    @Test func `a silent printer is down and forgotten`() {
        var bench = Bench()
        bench.open()
        #expect(bench.pass(.seconds(95)) == [.send(.start), .send(.pushAll), .silent, .forget, .interrupt])
        #expect(bench.machine.downReason == .silent && !bench.machine.isUp)
    }

    @Test func `a report just after the deadline starts afresh and keeps the printer up`() {
        var bench = Bench(machine: TelemetryStateMachine(staleAfter: .seconds(2), resyncInterval: .seconds(300)))
        bench.open()
        _ = bench.pass(.seconds(1))
        bench.now = bench.now + .milliseconds(1005)
        let actions = bench.receive(Printer.Receipt(isReport: true))
        #expect(actions == [.forget, .interrupt] && bench.machine.isUp)
        // Everything is requested as the minute of the last request ends.
        var later: [TelemetryStateMachine.Action] = []
        for _ in 0..<59 { later += bench.pass(.seconds(1)) + bench.receive(Printer.Receipt(isReport: true)) }
        #expect(later.count { $0 == .send(.pushAll) } == 1)
    }

    @Test func `a report that ends a told silence requests everything`() {
        var bench = Bench()
        bench.open()
        _ = bench.pass(.seconds(125))
        #expect(bench.machine.downReason == .silent)
        #expect(bench.receive(Printer.Receipt(isReport: true)) == [.send(.pushAll)])
    }

    @Test func `reports in time keep a printer up`() {
        var bench = Bench()
        bench.open()
        for _ in 0..<1000 {
            let actions = bench.pass(.seconds(32)) + bench.receive(Printer.Receipt(isReport: true))
            #expect(actions.allSatisfy { $0 == .send(.pushAll) || $0 == .send(.getVersion) })
        }
        #expect(bench.machine.isUp)
    }

    @Test func `a printer that never reported says so over reconnects until it reports`() {
        var bench = Bench()
        for _ in 0..<3 {
            _ = bench.after(.zero) { $0.opened(at: $1) }
            _ = bench.pass(.seconds(95))
            #expect(bench.machine.downReason == .neverReported)
            _ = bench.after(.zero) { $0.closed(at: $1) }
        }
        _ = bench.after(.zero) { $0.opened(at: $1) }
        #expect(bench.machine.downReason == .neverReported)
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.isUp)
    }

    @Test func `merged state survives a short gap and not a long one`() {
        var bench = Bench()
        bench.open()
        _ = bench.after(.zero) { $0.closed(.failure(.network), at: $1) }
        #expect(!bench.pass(.seconds(80)).contains(.forget))
        #expect(bench.pass(.seconds(20)).contains(.forget))
    }

    @Test func `losses request a full report once a minute at most`() {
        var bench = Bench(machine: TelemetryStateMachine(staleAfter: .seconds(90), resyncInterval: .seconds(10)))
        bench.open()
        var requests = 0
        for _ in 0..<600 {
            let actions = bench.pass(.seconds(1)) + bench.receive(Printer.Receipt(isReport: true, isAfterLoss: true))
            requests += actions.count { $0 == .send(.pushAll) }
        }
        #expect(requests == 10)
    }

    @Test func `the version is requested again after a day`() {
        var bench = Bench()
        bench.open()
        var versions = 0
        for _ in 0..<(24 * 60 + 1) {
            let actions = bench.pass(.seconds(60)) + bench.receive(Printer.Receipt(isReport: true))
            versions += actions.count { $0 == .send(.getVersion) }
        }
        #expect(versions == 1)
    }

    @Test func `a flood of connected events requests the version once a minute`() {
        var bench = Bench()
        bench.open()
        var versions = 0
        for _ in 0..<1000 {
            versions += bench.receive(Printer.Receipt(presence: .connected)).count { $0 == .send(.getVersion) }
        }
        #expect(versions == 1)
        _ = bench.pass(.seconds(61))
        #expect(bench.receive(Printer.Receipt(presence: .connected)).contains(.send(.getVersion)))
    }

    @Test func `a printer whose topic is denied is sent nothing and is down for auth`() {
        var bench = Bench()
        bench.open()
        #expect(bench.after(.seconds(1)) { $0.denied(at: $1) } == [.interrupt])
        #expect(!bench.machine.isUp && bench.machine.downReason == .failure(.auth) && bench.machine.isConnected)
        #expect(bench.pass(.seconds(86_400)) == [.forget])
    }
}
