import BambuMetrics
import Reactor
import Testing

@testable import BambuProtocol
@testable import Exporter

/// A generator that always draws the middle, so that waits are exact.
private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

extension Printer.Receipt {
    fileprivate static let report = Printer.Receipt(isReport: true)
    fileprivate static let afterLoss = Printer.Receipt(isReport: true, isAfterLoss: true)
}

/// A machine and a clock that is set by hand.
private struct Bench {
    var machine: LinkMachine
    var now = Instant(nanoseconds: 1_000_000_000_000)

    init(staleAfter: Duration = .seconds(90), resync: Duration = .seconds(300)) {
        machine = LinkMachine(staleAfter: staleAfter, resyncInterval: resync, at: now, random: Middle())
    }

    mutating func after(_ delay: Duration, _ event: LinkMachine.Event) -> [LinkMachine.Action] {
        now = now + delay
        return machine.handle(event, at: now)
    }

    /// Lets time pass, ticking whenever the machine asked for it.
    mutating func pass(_ duration: Duration) -> [LinkMachine.Action] {
        let end = now + duration
        var actions: [LinkMachine.Action] = []
        while let due = machine.deadline, due <= end {
            now = max(due, now)
            actions += machine.handle(.tick, at: now)
            // The world outside fails every attempt at once unless a test says otherwise.
            if actions.last == .connect { break }
        }
        now = end
        return actions
    }

    /// Connected, and the first full report taken.
    mutating func connect() {
        _ = after(.zero, .tick)
        _ = after(.zero, .connected)
        _ = after(.zero, .received(.report))
    }
}

@Suite("LinkMachine")
struct LinkMachineTests {
    @Test func `it connects at once, subscribes, and asks for version and everything`() {
        var bench = Bench()
        #expect(bench.after(.zero, .tick) == [.connect])
        #expect(bench.after(.zero, .connected) == [.subscribe, .send(.getVersion), .send(.pushAll)])
        #expect(bench.machine.link.isConnected && !bench.machine.link.isUp)
        #expect(bench.machine.link.downReason == .starting)
        #expect(bench.after(.zero, .received(.report)).isEmpty)
        #expect(bench.machine.link.isUp)
    }

    @Test func `what is no report does not make a printer up`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        _ = bench.after(.zero, .connected)
        _ = bench.after(.zero, .received(Printer.Receipt(isVersion: true)))
        _ = bench.after(.zero, .received(Printer.Receipt(rejection: .json)))
        #expect(!bench.machine.link.isUp)
    }

    @Test func `waits double from a second to a minute, and never end`() {
        var bench = Bench()
        var waits: [Duration] = []
        _ = bench.after(.zero, .tick)
        for _ in 0..<9 {
            _ = bench.after(.zero, .failed(.refused))
            guard let due = bench.machine.deadline else { return }
            waits.append(due - bench.now)
            #expect(bench.after(due - bench.now, .tick) == [.connect])
        }
        let seconds = waits.map { ($0.inSeconds * 100).rounded() / 100 }
        #expect(seconds == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(bench.machine.link.failures[.refused] == 9)
    }

    @Test func `waits differ by up to a fifth, so that a farm does not come back at one moment`() {
        let waits = (0..<200).map { _ in
            var machine = LinkMachine(
                staleAfter: .seconds(90), resyncInterval: .seconds(300), at: Instant(nanoseconds: 0))
            _ = machine.handle(.tick, at: Instant(nanoseconds: 0))
            _ = machine.handle(.failed(.timeout), at: Instant(nanoseconds: 0))
            return Double(machine.deadline?.nanoseconds ?? 0) / 1e9
        }
        #expect(waits.allSatisfy { (0.8...1.2).contains($0) })
        #expect((waits.max() ?? 0) - (waits.min() ?? 0) > 0.2)
    }

    @Test func `a refused code is tried again after a minute`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        _ = bench.after(.zero, .failed(.auth))
        #expect(bench.pass(.seconds(59)).isEmpty)
        #expect(bench.pass(.seconds(2)) == [.connect])
        #expect(bench.machine.link.downReason == .failure(.auth))
    }

    @Test func `a session that stood for a minute makes the next wait a second again`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        for _ in 0..<5 {
            _ = bench.after(.zero, .failed(.timeout))
            _ = bench.pass(.seconds(60))
        }
        _ = bench.after(.zero, .connected)
        for _ in 0..<70 { _ = bench.after(.seconds(1), .received(.report)) }
        _ = bench.after(.zero, .failed(.network))
        #expect(bench.machine.deadline.map { ($0 - bench.now).inSeconds.rounded() } == 1)
    }

    @Test func `a lost link is down at once, and is no failed attempt`() {
        var bench = Bench()
        bench.connect()
        #expect(bench.after(.seconds(1), .failed(.network)) == [.interrupt])
        #expect(!bench.machine.link.isUp && !bench.machine.link.isConnected)
        #expect(bench.machine.link.downReason == .failure(.network))
        #expect(bench.machine.link.failures[.network] == nil)
    }

    @Test func `after two thirds of the silence a nudge goes out, and the full report as soon as its minute is over`() {
        var bench = Bench(staleAfter: .seconds(60))
        bench.connect()
        #expect(bench.pass(.seconds(39)).isEmpty)
        #expect(bench.pass(.seconds(2)) == [.send(.start)])
        _ = bench.after(.zero, .received(.report))
        #expect(bench.pass(.seconds(20)) == [.send(.pushAll)])
    }

    @Test func `with the default silence both go out together`() {
        var bench = Bench()
        bench.connect()
        #expect(bench.pass(.seconds(61)) == [.send(.start), .send(.pushAll)])
    }

    @Test func `a silent printer is down, forgotten and reconnected to`() {
        var bench = Bench()
        bench.connect()
        let actions = bench.pass(.seconds(95))
        #expect(actions == [.send(.start), .send(.pushAll), .close, .forget, .interrupt, .connect])
        #expect(bench.machine.link.downReason == .silent)
        #expect(!bench.machine.link.isUp)
    }

    @Test func `a report in time keeps a printer up for ever`() {
        var bench = Bench()
        bench.connect()
        for _ in 0..<1000 {
            let actions = bench.pass(.seconds(32)) + bench.after(.zero, .received(.report))
            #expect(actions.allSatisfy { $0 == .send(.pushAll) || $0 == .send(.getVersion) })
        }
        #expect(bench.machine.link.isUp)
    }

    @Test func `a printer that never reported says so`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        _ = bench.after(.zero, .connected)
        _ = bench.pass(.seconds(95))
        #expect(bench.machine.link.downReason == .neverReported)
    }

    @Test func `it says so still when it is connected to again, until it reports`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        for _ in 0..<3 {
            _ = bench.after(.zero, .connected)
            _ = bench.pass(.seconds(95))
            #expect(bench.machine.link.downReason == .neverReported)
        }
        _ = bench.after(.zero, .connected)
        #expect(bench.machine.link.downReason == .neverReported)
        _ = bench.after(.zero, .received(.report))
        #expect(bench.machine.link.isUp)
    }

    @Test func `another reader of the printer connects at once and keeps what was counted`() {
        var bench = Bench()
        _ = bench.after(.zero, .tick)
        _ = bench.after(.zero, .failed(.timeout))
        _ = bench.pass(.seconds(5))
        _ = bench.after(.zero, .connected)
        let past = Heritage(
            printer: Printer(serial: "A"), watch: bench.machine.watch, connection: bench.machine.connection)
        bench.machine = LinkMachine(
            after: past, staleAfter: .seconds(90), resyncInterval: .seconds(300), at: bench.now)
        #expect(bench.machine.link.connects == 1 && bench.machine.link.failures[.timeout] == 1)
        #expect(bench.after(.zero, .tick) == [.connect])
        // The full report was asked for this very minute.
        #expect(bench.after(.zero, .connected) == [.subscribe, .send(.getVersion)])
    }

    @Test func `what was merged survives a short gap and not a long one`() {
        var bench = Bench()
        bench.connect()
        _ = bench.after(.zero, .failed(.network))
        #expect(!bench.pass(.seconds(80)).contains(.forget))
        #expect(bench.after(.seconds(20), .tick).contains(.forget))
    }

    @Test func `a full report is asked for at every interval, and once a minute at the most`() {
        var bench = Bench(resync: .seconds(10))
        bench.connect()
        var asked = 0
        for _ in 0..<600 {
            let actions = bench.pass(.seconds(1)) + bench.after(.zero, .received(.afterLoss))
            asked += actions.count { $0 == .send(.pushAll) }
        }
        #expect(asked == 10)
    }

    @Test func `the minute holds over reconnects, and what was due is asked for as it ends`() {
        var bench = Bench()
        bench.connect()
        _ = bench.after(.seconds(5), .failed(.network))
        _ = bench.pass(.seconds(2))
        #expect(bench.after(.zero, .connected) == [.subscribe, .send(.getVersion)])
        _ = bench.after(.zero, .received(.report))
        #expect(bench.pass(.seconds(52)).isEmpty)
        #expect(bench.pass(.seconds(2)) == [.send(.pushAll)])
    }

    @Test func `a loss asks for everything`() {
        var bench = Bench()
        bench.connect()
        _ = bench.pass(.seconds(59))
        _ = bench.after(.seconds(2), .received(.report))
        #expect(bench.after(.zero, .received(.afterLoss)) == [.send(.pushAll)])
    }

    @Test func `the version is asked for again after a day`() {
        var bench = Bench()
        bench.connect()
        var versions = 0
        for _ in 0..<(24 * 60 + 1) {
            let actions = bench.pass(.seconds(60)) + bench.after(.zero, .received(.report))
            versions += actions.count { $0 == .send(.getVersion) }
        }
        #expect(versions == 1)
    }
}
