import Glibc
import Testing

@testable import Platform
@testable import Reactor

@Suite("EventLoop")
struct EventLoopTests {
    @Test func `work from another thread runs before the loop stops`() throws {
        let loop = try EventLoop()
        let ran = Locked(0)
        for _ in 0..<100 { loop.perform { ran.withLock { $0 += 1 } } }
        loop.stop()
        loop.run()
        #expect(ran.withLock { $0 } == 100)
    }

    @Test func `timers run in the order of their deadlines`() throws {
        let loop = try EventLoop()
        var order: [Int] = []
        let start = Instant.now()
        for delay in [3, 1, 2] {
            loop.schedule(at: start + .milliseconds(delay)) {
                order.append(delay)
                if order.count == 3 { loop.stop() }
            }
        }
        loop.run()
        #expect(order == [1, 2, 3])
    }

    @Test func `a cancelled timer never runs`() throws {
        let loop = try EventLoop()
        let token = loop.schedule(after: .zero) { Issue.record("ran") }
        loop.cancel(token)
        loop.schedule(after: .milliseconds(1)) { loop.stop() }
        loop.run()
    }

    @Test func `reports a descriptor as readable when it has bytes`() throws {
        let loop = try EventLoop()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var seen = false
        try loop.watch(ends[0], for: .read) { readiness in
            seen = readiness.readable
            loop.unwatch(ends[0])
            loop.stop()
        }
        _ = write(ends[1], "x", 1)
        loop.run()
        #expect(seen)
    }

    @Test func `of 1000 timers, exactly the 500 not cancelled run`() {
        var queue = TimerQueue()
        var ran = 0
        let tokens = (0..<1000).map { index in
            queue.add(at: Instant(nanoseconds: UInt64((index * 7919) % 1000))) { ran += 1 }
        }
        for token in tokens.enumerated().filter({ $0.offset.isMultiple(of: 2) }) { queue.cancel(token.element) }
        while let due = queue.popDue(at: Instant(nanoseconds: 2000)) { due.run() }
        #expect(ran == 500)
        #expect(queue.milliseconds(from: Instant(nanoseconds: 0)) == -1)
    }

    @Test func `a hanging loop makes no progress and reports the code`() throws {
        let loop = try EventLoop()
        let (entered, release) = (CountingSemaphore(), CountingSemaphore())
        let thread = try Thread(named: "loop") { loop.run() }
        let line: UInt = #line + 1
        loop.perform {
            entered.signal()
            release.wait()
        }
        entered.wait()
        let stuck = loop.progress
        #expect(stuck.running?.description == "ReactorTests/EventLoopTests.swift:\(line)")
        #expect(loop.progress.turns == stuck.turns)
        release.signal()
        loop.stop()
        thread.join()
        #expect(loop.progress.running == nil && loop.progress.turns >= stuck.turns)
    }
}
