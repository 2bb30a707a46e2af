import BambuMetrics
import Platform
import Testing

@testable import Exporter

/// A generator that always draws the middle of a range, so that waits are exact.
private struct Middle: RandomNumberGenerator {
    mutating func next() -> UInt64 { .max / 2 }
}

@Suite("ReconnectStateMachine")
struct ReconnectStateMachineTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private func machine() -> ReconnectStateMachine { ReconnectStateMachine(at: start, random: Middle()) }

    private func wait(of machine: ReconnectStateMachine, at now: Instant) -> Double? {
        machine.deadline.map { (($0 - now).inSeconds * 100).rounded() / 100 }
    }

    @Test func `it connects at once and not again during the attempt`() {
        var machine = machine()
        let isDue = machine.tick(at: start)
        let isDueAgain = machine.tick(at: start)
        #expect(isDue && !isDueAgain && machine.deadline == nil)
    }

    @Test func `the wait doubles from one second to one minute`() {
        var machine = machine()
        var now = start
        var waits: [Double] = []
        for _ in 0..<9 {
            _ = machine.tick(at: now)
            machine.failed(.refused, at: now)
            waits.append(wait(of: machine, at: now) ?? 0)
            now = machine.deadline ?? now
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(machine.failures[.refused] == 9)
    }

    @Test func `waits have a jitter of 20 percent`() {
        let waits = (0..<200).map { _ in
            var machine = ReconnectStateMachine(at: start)
            _ = machine.tick(at: start)
            machine.failed(.timeout, at: start)
            return machine.deadline.map { ($0 - start).inSeconds } ?? 0
        }
        #expect(waits.allSatisfy { (0.8...1.2).contains($0) })
        #expect((waits.max() ?? 0) - (waits.min() ?? 0) > 0.2)
    }

    @Test func `refused credentials are retried after a minute`() {
        var machine = machine()
        _ = machine.tick(at: start)
        machine.failed(.auth, at: start)
        #expect(wait(of: machine, at: start) == 60)
    }

    @Test func `a session of a minute resets the wait`() {
        var machine = machine()
        var now = start
        for _ in 0..<5 {
            _ = machine.tick(at: now)
            machine.failed(.timeout, at: now)
            now = machine.deadline ?? now
        }
        _ = machine.tick(at: now)
        machine.connected(at: now)
        now = now + .seconds(70)
        #expect(machine.openDuration(at: now) == .seconds(70))
        machine.failed(.network, at: now)
        #expect(wait(of: machine, at: now) == 1)
    }

    @Test func `a lost session is not a failed attempt`() {
        var machine = machine()
        _ = machine.tick(at: start)
        machine.connected(at: start)
        machine.failed(.network, at: start + .seconds(1))
        #expect(machine.connects == 1 && machine.failures[.network] == nil)
    }

    @Test func `a restart is due at once and keeps the counters`() {
        var machine = machine()
        _ = machine.tick(at: start)
        machine.failed(.timeout, at: start)
        machine.restart(at: start)
        #expect(machine.deadline == start && machine.failures[.timeout] == 1)
    }

    @Test func `retryNow shortens a wait and does not affect an attempt`() {
        var machine = machine()
        _ = machine.tick(at: start)
        machine.retryNow(at: start)
        #expect(machine.deadline == nil)
        machine.failed(.auth, at: start)
        machine.retryNow(at: start + .seconds(1))
        #expect(machine.deadline == start + .seconds(1))
    }
}
