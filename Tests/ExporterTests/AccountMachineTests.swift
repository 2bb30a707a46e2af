import BambuMetrics
import Cloud
import Platform
import Testing

@testable import Exporter

/// A generator that always draws the middle of a range, so that waits are exact.
private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

extension AccountMachine.Step {
    fileprivate static let preference = Self(api: .preference)
    fileprivate static let bind = Self(api: .bind)
    fileprivate static let print = Self(api: .print)

    fileprivate static func version(_ serial: String) -> Self { Self(api: .version, serial: serial) }
    fileprivate static func tasks(_ serial: String) -> Self { Self(api: .tasks, serial: serial) }
    fileprivate static func ttcode(_ serial: String) -> Self { Self(api: .ttcode, serial: serial) }
}

/// A machine with a manual clock.
private struct Harness {
    typealias Step = AccountMachine.Step

    var machine: AccountMachine
    var now = Instant(nanoseconds: 1_000_000_000_000)

    init(interval: Duration = .seconds(300), needsUser: Bool = false, wantsCameras: Bool = false) {
        var settings = Configuration.Account()
        (settings.interval, settings.readsReports, settings.wantsCameras) = (interval, needsUser, wantsCameras)
        machine = AccountMachine(settings, at: now, random: Middle())
    }

    mutating func handle(_ event: AccountMachine.Event) -> [AccountMachine.Action] {
        machine.handle(event, at: now)
    }

    /// Advances the clock to the machine's deadline. Returns the wait in whole seconds.
    mutating func wake() -> Int {
        let due = machine.deadline ?? now
        let wait = due - now
        now = max(now, due)
        #expect(handle(.tick) == [.readToken])
        return Int(wait.inSeconds.rounded())
    }

    /// Runs a poll that succeeds. Returns its requests.
    mutating func poll(_ serials: [String] = [], isNew: Bool = false, hasUser: Bool = true) -> [Step] {
        var requested: [Step] = []
        var actions = handle(.token(isNew: isNew, hasUser: hasUser))
        while case .send(let step)? = actions.first {
            requested.append(step)
            actions = handle(step == .bind ? .found(serials) : .answered)
        }
        #expect(actions == [.finish])
        return requested
    }
}

@Suite("AccountMachine")
struct AccountMachineTests {
    @Test func `a poll reads the token, then sends one request at a time`() {
        var harness = Harness(needsUser: true, wantsCameras: true)
        #expect(harness.wake() == 0)
        #expect(
            harness.poll(["A", "B"], isNew: true, hasUser: false) == [
                .bind, .print, .version("A"), .tasks("A"), .ttcode("A"), .version("B"), .tasks("B"), .ttcode("B"),
                .preference,
            ])
        #expect(harness.machine.isUp)
        #expect(harness.wake() == 300)
        // Camera data does not change, and the user name is known by now.
        #expect(harness.poll(["A"]) == [.bind, .print, .version("A"), .tasks("A")])
        #expect(harness.machine.requests[.version] == 3 && harness.machine.requests[.preference] == 1)
    }

    @Test func `a large account is polled fifty printers at a time, in turns`() {
        var harness = Harness()
        let serials = (100..<220).map(String.init)
        var requested: [String: Int] = [:]
        for _ in 0..<12 {
            _ = harness.wake()
            let steps = harness.poll(serials)
            #expect(steps.count == 2 + 2 * 50)
            for step in steps where step.api == .version { requested[step.serial, default: 0] += 1 }
        }
        #expect(requested.count == 120 && requested.values.allSatisfy { $0 == 5 })
    }

    @Test func `a refused token stops all requests until its file changes`() {
        var harness = Harness()
        _ = harness.wake()
        _ = harness.handle(.token(isNew: true, hasUser: true))
        #expect(harness.handle(.failed(.refused, pause: nil)) == [.refuse])
        #expect(harness.machine.isRefused && !harness.machine.isUp)
        for _ in 0..<100 {
            #expect(harness.wake() == 2)
            #expect(harness.handle(.token(isNew: false, hasUser: true)).isEmpty)
        }
        #expect(harness.machine.requests == [.bind: 1])
        #expect(harness.machine.failures == [.bind: [.auth: 1]])
        _ = harness.wake()
        #expect(harness.poll(isNew: true) == [.bind, .print])
        #expect(harness.machine.isUp && !harness.machine.isRefused)
    }

    @Test func `without a token no request is sent, reported once`() {
        var harness = Harness()
        _ = harness.wake()
        #expect(harness.handle(.noToken) == [.refuse])
        _ = harness.wake()
        #expect(harness.handle(.noToken).isEmpty)
        #expect(harness.machine.requests.isEmpty)
    }

    @Test(arguments: [CloudFailure.Kind.timeout, .network, .server, .shape, .unauthorized])
    func `temporary failures are retried with increasing waits`(kind: CloudFailure.Kind) {
        var harness = Harness()
        var waits: [Int] = []
        for _ in 0..<5 {
            waits.append(harness.wake())
            _ = harness.handle(.token(isNew: false, hasUser: true))
            // Without printers of an earlier poll, only two requests remain.
            #expect(harness.handle(.failed(kind, pause: nil)) == [.send(.print)])
            #expect(harness.handle(.failed(kind, pause: nil)).isEmpty)
            #expect(!harness.machine.isUp)
        }
        // The middle of the jitter adds a twentieth.
        #expect(waits == [0, 315, 630, 945, 945])
        _ = harness.wake()
        _ = harness.poll()
        #expect(harness.wake() == 300)
    }

    @Test func `rate limits pause for 15 minutes or as long as Retry-After requires`() {
        var harness = Harness(interval: .seconds(60))
        _ = harness.wake()
        _ = harness.handle(.token(isNew: false, hasUser: true))
        _ = harness.handle(.failed(.limited, pause: .seconds(120)))
        #expect(harness.wake() == 945)
        _ = harness.handle(.token(isNew: false, hasUser: true))
        _ = harness.handle(.failed(.limited, pause: .seconds(7200)))
        #expect(harness.wake() == 7560)
        _ = harness.handle(.token(isNew: false, hasUser: true))
        // Retry-After applies to server errors too.
        _ = harness.handle(.failed(.server, pause: .seconds(3600)))
        #expect(harness.wake() == 3780)
    }

    @Test func `a failed request does not stop the others`() {
        var harness = Harness(needsUser: true)
        _ = harness.wake()
        _ = harness.handle(.token(isNew: true, hasUser: false))
        #expect(harness.handle(.found(["A", "B"])) == [.send(.print)])
        #expect(harness.handle(.failed(.server, pause: nil)) == [.send(.version("A"))])
        #expect(harness.handle(.answered) == [.send(.tasks("A"))])
        #expect(harness.handle(.failed(.shape, pause: nil)) == [.send(.version("B"))])
        #expect(harness.handle(.answered) == [.send(.tasks("B"))])
        #expect(harness.handle(.answered) == [.send(.preference)])
        #expect(harness.handle(.answered) == [.finish])
        #expect(!harness.machine.isUp)
        #expect(harness.wake() == 300)
    }

    @Test func `printers of an earlier poll are polled if the list fails`() {
        var harness = Harness()
        _ = harness.wake()
        _ = harness.poll(["A"])
        _ = harness.wake()
        _ = harness.handle(.token(isNew: false, hasUser: true))
        #expect(harness.handle(.failed(.server, pause: nil)) == [.send(.print)])
        #expect(harness.handle(.answered) == [.send(.version("A"))])
    }

    @Test func `three requests without a response end the poll`() {
        var harness = Harness()
        _ = harness.wake()
        _ = harness.handle(.token(isNew: false, hasUser: true))
        _ = harness.handle(.found(["A", "B"]))
        for _ in 0..<2 { #expect(harness.handle(.failed(.timeout, pause: nil)).count == 1) }
        #expect(harness.handle(.failed(.timeout, pause: nil)) == [.finish])
        #expect(harness.machine.requests == [.bind: 1, .print: 1, .version: 1, .tasks: 1])
    }

    @Test func `a forbidden user name holds the broker session`() {
        var harness = Harness(needsUser: true)
        _ = harness.wake()
        _ = harness.handle(.token(isNew: true, hasUser: false))
        _ = harness.handle(.found([]))
        #expect(harness.handle(.answered) == [.send(.preference)])
        #expect(harness.handle(.failed(.forbidden, pause: nil)) == [.holdBroker(.forbidden), .finish])
        #expect(CloudFailure.Kind.forbidden.linkFailure == .auth)
    }

    @Test func `a poll that ends early without a user name holds the broker session`() {
        var harness = Harness(needsUser: true)
        _ = harness.wake()
        _ = harness.handle(.token(isNew: true, hasUser: false))
        #expect(harness.handle(.failed(.limited, pause: nil)) == [.holdBroker(.limited)])
    }

    @Test func `a forbidden endpoint is skipped until the token changes`() {
        var harness = Harness()
        _ = harness.wake()
        _ = harness.handle(.token(isNew: false, hasUser: true))
        _ = harness.handle(.found(["A", "B"]))
        _ = harness.handle(.answered)
        #expect(harness.handle(.failed(.forbidden, pause: nil)) == [.send(.tasks("A"))])
        #expect(harness.handle(.answered) == [.send(.tasks("B"))])
        #expect(harness.handle(.answered) == [.finish])
        _ = harness.wake()
        #expect(harness.poll(["A"]) == [.bind, .print, .tasks("A")])
        _ = harness.wake()
        #expect(harness.poll(["A"], isNew: true) == [.bind, .print, .version("A"), .tasks("A")])
    }

    @Test func `polls of processes that started together drift apart`() {
        var settings = Configuration.Account()
        (settings.interval, settings.readsReports) = (.seconds(100), false)
        let waits = (0..<200).map { _ in
            var machine = AccountMachine(settings, at: Instant(nanoseconds: 0))
            for event in [AccountMachine.Event.tick, .token(isNew: true, hasUser: true), .found([]), .answered] {
                _ = machine.handle(event, at: Instant(nanoseconds: 0))
            }
            return Double(machine.deadline?.nanoseconds ?? 0) / 1e9
        }
        #expect(waits.allSatisfy { (90...110).contains($0) } && (waits.max() ?? 0) - (waits.min() ?? 0) > 10)
    }
}
