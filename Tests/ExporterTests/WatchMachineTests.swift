import BambuMetrics
import Reactor
import Testing

@testable import BambuProtocol
@testable import Exporter

/// One printer of a shared session, and a clock that is set by hand.
private struct Bench {
    var machine = WatchMachine(staleAfter: .seconds(90), resyncInterval: .seconds(300))
    var now = Instant(nanoseconds: 1_000_000_000_000)

    mutating func after(_ delay: Duration, _ event: (inout WatchMachine, Instant) -> [WatchMachine.Action])
        -> [WatchMachine.Action]
    {
        now = now + delay
        return event(&machine, now)
    }

    /// Lets time pass, ticking whenever the machine asked for it.
    mutating func pass(_ duration: Duration) -> [WatchMachine.Action] {
        let end = now + duration
        var actions: [WatchMachine.Action] = []
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

    mutating func receive(_ receipt: Printer.Receipt) -> [WatchMachine.Action] {
        after(.zero) { $0.received(receipt, at: $1) }
    }

    mutating func open() {
        _ = after(.zero) { $0.opened(at: $1) }
        _ = receive(Printer.Receipt(isReport: true))
    }
}

@Suite("WatchMachine")
struct WatchMachineTests {
    @Test func `another reader of the printer goes on where the first was: no second full report within a minute`() {
        var bench = Bench()
        bench.open()
        bench.machine = WatchMachine(after: bench.machine, staleAfter: .seconds(60), resyncInterval: .seconds(300))
        #expect(!bench.machine.link.isUp && !bench.machine.link.isConnected)
        #expect(bench.machine.link.downReason == .starting)
        #expect(bench.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.link.isUp)
        #expect(bench.pass(.seconds(49)).allSatisfy { $0 == .send(.start) })
        #expect(bench.pass(.seconds(2)).contains(.send(.pushAll)))
    }

    @Test func `silence is told once, and the session is not needed to come back`() {
        var bench = Bench()
        bench.open()
        let actions = bench.pass(.seconds(600))
        #expect(actions.count { $0 == .silent } == 1 && actions.count { $0 == .forget } == 1)
        #expect(actions.contains(.send(.start)))
        #expect(!bench.machine.link.isUp && bench.machine.link.downReason == .silent && bench.machine.link.isConnected)
        // Meanwhile it is asked at the usual pace: after the nudge, and with every resync.
        #expect(actions.count { $0 == .send(.pushAll) } == 2)
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.link.isUp)
        #expect(bench.pass(.seconds(100)).contains(.silent))
    }

    @Test func `a printer that left is asked nothing until it is back`() {
        var bench = Bench()
        bench.open()
        #expect(bench.receive(Printer.Receipt(presence: .disconnected)) == [.interrupt])
        #expect(!bench.machine.link.isUp && bench.machine.link.downReason == .cloudOffline)
        #expect(bench.pass(.seconds(86_400 * 2)) == [.forget])
        #expect(bench.machine.link.downReason == .cloudOffline)
        #expect(bench.receive(Printer.Receipt(presence: .connected)) == [.send(.getVersion), .send(.pushAll)])
        #expect(!bench.machine.link.isUp)
        _ = bench.receive(Printer.Receipt(isReport: true))
        #expect(bench.machine.link.isUp)
    }

    @Test func `a printer that comes and goes is asked for everything once a minute`() {
        var bench = Bench()
        bench.open()
        var actions: [WatchMachine.Action] = []
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
        #expect(bench.machine.deadline == nil && bench.machine.link.downReason == .starting)
    }

    @Test func `the loss of the session takes all down with its reason, and reports go on after it`() {
        var bench = Bench()
        bench.open()
        #expect(bench.after(.seconds(1)) { $0.closed(.failure(.network), at: $1) }.isEmpty)
        #expect(!bench.machine.link.isUp && bench.machine.link.downReason == .failure(.network))
        #expect(bench.after(.seconds(10)) { $0.opened(at: $1) } == [.send(.getVersion)])
        #expect(bench.pass(.seconds(50)).contains(.send(.pushAll)))
    }
}
