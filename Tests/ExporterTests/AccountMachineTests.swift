import BambuMetrics
import Cloud
import Reactor
import Testing

@testable import Exporter

/// A generator that always draws the middle, so that waits are exact.
private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

/// A machine and a clock that is set by hand.
private struct Bench {
    typealias Step = AccountMachine.Step

    var machine: AccountMachine
    var now = Instant(nanoseconds: 1_000_000_000_000)

    init(interval: Duration = .seconds(300), needsUser: Bool = false, wantsCameras: Bool = false) {
        machine = AccountMachine(
            interval: interval, needsUser: needsUser, wantsCameras: wantsCameras, at: now, random: Middle())
    }

    mutating func handle(_ event: AccountMachine.Event) -> [AccountMachine.Action] {
        machine.handle(event, at: now)
    }

    /// Goes on to when the machine wants to be woken. Returns how long that was, in whole seconds.
    mutating func wake() -> Int {
        let due = machine.deadline ?? now
        let wait = due - now
        now = max(now, due)
        #expect(handle(.tick) == [.lookAtToken])
        return Int(wait.inSeconds.rounded())
    }

    /// A whole poll that succeeds. Returns what was asked.
    mutating func poll(_ serials: [String] = [], isNew: Bool = false, hasUser: Bool = true) -> [Step] {
        var asked: [Step] = []
        var actions = handle(.token(isNew: isNew, hasUser: hasUser))
        while case .send(let step)? = actions.first {
            asked.append(step)
            actions = handle(step == .bind ? .found(serials) : .answered)
        }
        #expect(actions == [.finish])
        return asked
    }
}

@Suite("AccountMachine")
struct AccountMachineTests {
    @Test func `it looks at the token, then asks one thing after the other`() {
        var bench = Bench(needsUser: true, wantsCameras: true)
        #expect(bench.wake() == 0)
        #expect(
            bench.poll(["A", "B"], isNew: true, hasUser: false) == [
                .bind, .print, .version("A"), .tasks("A"), .ttcode("A"), .version("B"), .tasks("B"), .ttcode("B"),
                .preference,
            ])
        #expect(bench.machine.isUp)
        #expect(bench.wake() == 300)
        // Cameras do not change, and the owner is known by now.
        #expect(bench.poll(["A"]) == [.bind, .print, .version("A"), .tasks("A")])
        #expect(bench.machine.requests[.version] == 3 && bench.machine.requests[.preference] == 1)
    }

    @Test func `of a large account so many are asked about in a poll, in turns`() {
        var bench = Bench()
        let serials = (100..<220).map(String.init)
        var asked: [String: Int] = [:]
        for _ in 0..<12 {
            _ = bench.wake()
            let steps = bench.poll(serials)
            #expect(steps.count == 2 + 2 * 50)
            for case .version(let serial) in steps { asked[serial, default: 0] += 1 }
        }
        #expect(asked.count == 120 && asked.values.allSatisfy { $0 == 5 })
    }

    @Test func `a refused token stops everything until its file is another one`() {
        var bench = Bench()
        _ = bench.wake()
        _ = bench.handle(.token(isNew: true, hasUser: true))
        #expect(bench.handle(.failed(.refused, pause: nil)) == [.refuse])
        #expect(bench.machine.isRefused && !bench.machine.isUp)
        for _ in 0..<100 {
            #expect(bench.wake() == 2)
            #expect(bench.handle(.token(isNew: false, hasUser: true)).isEmpty)
        }
        #expect(bench.machine.requests == [.bind: 1])
        #expect(bench.machine.failures == [.bind: [.auth: 1]])
        _ = bench.wake()
        #expect(bench.poll(isNew: true) == [.bind, .print])
        #expect(bench.machine.isUp && !bench.machine.isRefused)
    }

    @Test func `without a token nothing is asked, and that is told once`() {
        var bench = Bench()
        _ = bench.wake()
        #expect(bench.handle(.noToken) == [.refuse])
        _ = bench.wake()
        #expect(bench.handle(.noToken).isEmpty)
        #expect(bench.machine.requests.isEmpty)
    }

    @Test(arguments: [CloudFailure.Kind.timeout, .network, .server, .shape, .unauthorized])
    func `what may pass is tried again after the interval, and then less often`(kind: CloudFailure.Kind) {
        var bench = Bench()
        var waits: [Int] = []
        for _ in 0..<5 {
            waits.append(bench.wake())
            _ = bench.handle(.token(isNew: false, hasUser: true))
            // Without printers of an earlier poll only two requests are left.
            #expect(bench.handle(.failed(kind, pause: nil)) == [.send(.print)])
            #expect(bench.handle(.failed(kind, pause: nil)).isEmpty)
            #expect(!bench.machine.isUp)
        }
        // The middle of the jitter is a twentieth on top.
        #expect(waits == [0, 315, 630, 945, 945])
        _ = bench.wake()
        _ = bench.poll()
        #expect(bench.wake() == 300)
    }

    @Test func `a limit is kept away from for a quarter of an hour, and for as long as it says`() {
        var bench = Bench(interval: .seconds(60))
        _ = bench.wake()
        _ = bench.handle(.token(isNew: false, hasUser: true))
        _ = bench.handle(.failed(.limited, pause: .seconds(120)))
        #expect(bench.wake() == 945)
        _ = bench.handle(.token(isNew: false, hasUser: true))
        _ = bench.handle(.failed(.limited, pause: .seconds(7200)))
        #expect(bench.wake() == 7560)
        _ = bench.handle(.token(isNew: false, hasUser: true))
        // Whoever says so is left alone, whatever else is wrong.
        _ = bench.handle(.failed(.server, pause: .seconds(3600)))
        #expect(bench.wake() == 3780)
    }

    @Test func `a request that fails does not keep the others from being sent`() {
        var bench = Bench(needsUser: true)
        _ = bench.wake()
        _ = bench.handle(.token(isNew: true, hasUser: false))
        #expect(bench.handle(.found(["A", "B"])) == [.send(.print)])
        #expect(bench.handle(.failed(.server, pause: nil)) == [.send(.version("A"))])
        #expect(bench.handle(.answered) == [.send(.tasks("A"))])
        #expect(bench.handle(.failed(.shape, pause: nil)) == [.send(.version("B"))])
        #expect(bench.handle(.answered) == [.send(.tasks("B"))])
        #expect(bench.handle(.answered) == [.send(.preference)])
        #expect(bench.handle(.answered) == [.finish])
        #expect(!bench.machine.isUp)
        #expect(bench.wake() == 300)
    }

    @Test func `printers of an earlier poll are asked about if the list fails`() {
        var bench = Bench()
        _ = bench.wake()
        _ = bench.poll(["A"])
        _ = bench.wake()
        _ = bench.handle(.token(isNew: false, hasUser: true))
        #expect(bench.handle(.failed(.server, pause: nil)) == [.send(.print)])
        #expect(bench.handle(.answered) == [.send(.version("A"))])
    }

    @Test func `three requests without an answer end the poll`() {
        var bench = Bench()
        _ = bench.wake()
        _ = bench.handle(.token(isNew: false, hasUser: true))
        _ = bench.handle(.found(["A", "B"]))
        for _ in 0..<2 { #expect(bench.handle(.failed(.timeout, pause: nil)).count == 1) }
        #expect(bench.handle(.failed(.timeout, pause: nil)) == [.finish])
        #expect(bench.machine.requests == [.bind: 1, .print: 1, .version: 1, .tasks: 1])
    }

    @Test func `a user name that is not permitted strands the broker session`() {
        var bench = Bench(needsUser: true)
        _ = bench.wake()
        _ = bench.handle(.token(isNew: true, hasUser: false))
        _ = bench.handle(.found([]))
        #expect(bench.handle(.answered) == [.send(.preference)])
        #expect(bench.handle(.failed(.forbidden, pause: nil)) == [.strand(.forbidden), .finish])
        #expect(CloudFailure.Kind.forbidden.linkFailure == .auth)
    }

    @Test func `a poll that ends early strands the broker session without a user name`() {
        var bench = Bench(needsUser: true)
        _ = bench.wake()
        _ = bench.handle(.token(isNew: true, hasUser: false))
        #expect(bench.handle(.failed(.limited, pause: nil)) == [.strand(.limited)])
    }

    @Test func `an endpoint that is not for this account is dropped, and asked again with another token`() {
        var bench = Bench()
        _ = bench.wake()
        _ = bench.handle(.token(isNew: false, hasUser: true))
        _ = bench.handle(.found(["A", "B"]))
        _ = bench.handle(.answered)
        #expect(bench.handle(.failed(.forbidden, pause: nil)) == [.send(.tasks("A"))])
        #expect(bench.handle(.answered) == [.send(.tasks("B"))])
        #expect(bench.handle(.answered) == [.finish])
        _ = bench.wake()
        #expect(bench.poll(["A"]) == [.bind, .print, .tasks("A")])
        _ = bench.wake()
        #expect(bench.poll(["A"], isNew: true) == [.bind, .print, .version("A"), .tasks("A")])
    }

    @Test func `polls of processes that started together drift apart`() {
        let waits = (0..<200).map { _ in
            var machine = AccountMachine(
                interval: .seconds(100), needsUser: false, wantsCameras: false, at: Instant(nanoseconds: 0))
            for event in [AccountMachine.Event.tick, .token(isNew: true, hasUser: true), .found([]), .answered] {
                _ = machine.handle(event, at: Instant(nanoseconds: 0))
            }
            return Double(machine.deadline?.nanoseconds ?? 0) / 1e9
        }
        #expect(waits.allSatisfy { (90...110).contains($0) } && (waits.max() ?? 0) - (waits.min() ?? 0) > 10)
    }
}
