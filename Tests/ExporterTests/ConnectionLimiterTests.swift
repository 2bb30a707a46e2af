import Testing

@testable import Exporter

@Suite struct ConnectionLimiterTests {
    /// Work that was scheduled for later.
    private final class Clock {
        private var due: [() -> Void] = []
        func later(_ delay: Duration, _ work: @escaping () -> Void) { due.append(work) }
        func pass() {
            let due = due
            self.due = []
            for work in due { work() }
        }
    }

    @Test func `the limit holds, and a finished connection starts the next`() {
        let clock = Clock()
        let gate = ConnectionLimiter(limit: 2, later: clock.later)
        var started: [Int] = []
        let tickets = (0..<4).map { number in gate.acquire { started.append(number) } }
        #expect(started == [0, 1])
        gate.release(tickets[1])
        #expect(started == [0, 1, 2])
        // A released ticket that waits is not started.
        gate.release(tickets[3])
        gate.release(tickets[0])
        gate.release(tickets[2])
        #expect(started == [0, 1, 2])
    }

    @Test func `printers that do not respond do not block the others`() {
        let clock = Clock()
        let gate = ConnectionLimiter(limit: 2, later: clock.later)
        var started: [Int] = []
        let tickets = (0..<5).map { number in gate.acquire { started.append(number) } }
        #expect(started == [0, 1])
        clock.pass()
        #expect(started == [0, 1, 2, 3])
        // These slots were already freed.
        gate.release(tickets[0])
        gate.release(tickets[1])
        #expect(started == [0, 1, 2, 3])
        clock.pass()
        #expect(started == [0, 1, 2, 3, 4])
    }
}
