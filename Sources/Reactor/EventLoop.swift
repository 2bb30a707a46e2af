import CShim
import Glibc

/// One thread's wait for descriptors, deadlines and work from other threads.
///
/// `run` turns the loop on the thread that calls it. `perform` and `stop` may be called from any thread; everything
/// else belongs to the loop's thread, or to the time before `run`.
package final class EventLoop: @unchecked Sendable {
    // Sendable, because `inbox` has its lock and the rest is touched by the loop's thread alone (asserted).

    /// What to wait for on a descriptor.
    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let read = Interest(rawValue: 1)
        package static let write = Interest(rawValue: 2)
    }

    /// What a descriptor is ready for. A spurious report is possible: handlers must live with `EAGAIN`.
    package struct Readiness: Sendable {
        package let readable: Bool
        package let writable: Bool
        /// The peer hung up or the descriptor failed. Reading tells which.
        package let broken: Bool

        package init(readable: Bool = false, writable: Bool = false, broken: Bool = false) {
            self.readable = readable
            self.writable = writable
            self.broken = broken
        }
    }

    /// How far the loop has come, and what it runs.
    package struct Progress: Sendable {
        /// Turns so far. An idle loop turns too, every `longestWait`.
        package fileprivate(set) var turns: UInt64 = 0
        /// The code that asked for what runs now; `nil` while the loop waits.
        package fileprivate(set) var running: CodePlace?
    }

    private struct Inbox {
        var work: [(origin: CodePlace, run: @Sendable () -> Void)] = []
        var stopping = false
    }

    private struct Watch {
        let interest: Interest
        let origin: CodePlace
        let handler: (Readiness) -> Void
    }

    /// The longest time without a turn, in milliseconds, so that a loop that hangs can be told from an idle one.
    private static let longestWait: Int32 = 5000

    private let epoll: Int32
    private let wakeup: Int32
    private let inbox = Locked(Inbox())
    private let state = Locked(Progress())
    private var watches: [Int32: Watch] = [:]
    private var timers = TimerQueue()
    private var thread: pthread_t?

    /// The time at which this turn of the loop began.
    package private(set) var now = Instant.now()

    package init() throws {
        epoll = shim_epoll_create()
        guard epoll >= 0 else { throw SystemError(errno, "epoll_create1") }
        wakeup = shim_eventfd()
        guard wakeup >= 0 else {
            let code = errno
            close(epoll)
            throw SystemError(code, "eventfd")
        }
        let code = shim_epoll_set(epoll, wakeup, true, true, false)
        guard code == 0 else {
            close(epoll)
            close(wakeup)
            throw SystemError(code, "epoll_ctl")
        }
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    // Below: any thread.

    /// What the loop is at.
    package var progress: Progress { state.withLock { $0 } }

    /// Runs `work` on the loop's thread at its next turn.
    package func perform(
        file: StaticString = #fileID, line: UInt = #line, _ work: @escaping @Sendable () -> Void
    ) {
        inbox.withLock { $0.work.append((CodePlace(file: file, line: line), work)) }
        wake()
    }

    /// Ends `run` after its present turn.
    package func stop() {
        inbox.withLock { $0.stopping = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        // A full counter (EAGAIN) means that the loop is about to wake anyway.
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }

    // Below: the loop's thread.

    /// Waits and calls handlers until `stop`. Work handed in before `stop` is done first.
    package func run() {
        thread = pthread_self()
        // A peer that goes away while OpenSSL writes to it is no reason to die: the write fails, and that is told.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
        var ready = [shim_ready](repeating: shim_ready(), count: 64)
        while true {
            let stopping = runInbox()
            now = Instant.now()
            while let due = timers.takeDue(at: now) {
                note(due.origin)
                due.run()
            }
            note(nil)
            if stopping { break }
            let count = shim_epoll_wait(epoll, &ready, Int32(ready.count), wait)
            now = Instant.now()
            state.withLock { $0.turns += 1 }
            guard count > 0 else { continue }
            for event in ready.prefix(Int(count)) {
                if event.fd == wakeup {
                    var counter: UInt64 = 0
                    _ = read(wakeup, &counter, MemoryLayout<UInt64>.size)
                } else if let watch = watches[event.fd] {
                    // An earlier handler of this turn may have stopped watching this descriptor.
                    note(watch.origin)
                    watch.handler(
                        Readiness(readable: event.readable, writable: event.writable, broken: event.broken))
                }
            }
        }
        thread = nil
    }

    private func runInbox() -> Bool {
        let (work, stopping) = inbox.withLock { inbox in
            defer { inbox.work = [] }
            return (inbox.work, inbox.stopping)
        }
        for item in work {
            note(item.origin)
            item.run()
        }
        return stopping
    }

    private func note(_ origin: CodePlace?) {
        state.withLock { $0.running = origin }
    }

    /// How long to wait for a descriptor, in milliseconds.
    private var wait: Int32 {
        let next = timers.milliseconds(from: Instant.now())
        return next < 0 ? Self.longestWait : min(next, Self.longestWait)
    }

    /// Calls `handler` whenever `descriptor` is ready for what `interest` names.
    ///
    /// - Throws: `SystemError` where the kernel refuses, as it does for a closed descriptor.
    package func watch(
        _ descriptor: Int32, for interest: Interest, file: StaticString = #fileID, line: UInt = #line,
        _ handler: @escaping (Readiness) -> Void
    ) throws {
        assertOnLoop()
        let isNew = watches[descriptor] == nil
        let code = shim_epoll_set(
            epoll, descriptor, isNew, interest.contains(.read), interest.contains(.write))
        guard code == 0 else { throw SystemError(code, "epoll_ctl") }
        watches[descriptor] = Watch(
            interest: interest, origin: CodePlace(file: file, line: line), handler: handler)
    }

    /// Changes what a watched descriptor is watched for; costs nothing where nothing changes.
    package func change(_ descriptor: Int32, to interest: Interest) {
        assertOnLoop()
        guard let watch = watches[descriptor], watch.interest != interest else { return }
        _ = shim_epoll_set(epoll, descriptor, false, interest.contains(.read), interest.contains(.write))
        watches[descriptor] = Watch(interest: interest, origin: watch.origin, handler: watch.handler)
    }

    /// Forgets `descriptor`. Call it before closing the descriptor.
    package func unwatch(_ descriptor: Int32) {
        assertOnLoop()
        guard watches.removeValue(forKey: descriptor) != nil else { return }
        _ = shim_epoll_remove(epoll, descriptor)
    }

    /// Runs `work` once at `deadline`, or at the first turn after it.
    @discardableResult
    package func schedule(
        at deadline: Instant, file: StaticString = #fileID, line: UInt = #line, _ work: @escaping () -> Void
    ) -> TimerQueue.Token {
        assertOnLoop()
        return timers.add(at: deadline, from: CodePlace(file: file, line: line), work)
    }

    /// Runs `work` once after `delay`.
    @discardableResult
    package func schedule(
        after delay: Duration, file: StaticString = #fileID, line: UInt = #line, _ work: @escaping () -> Void
    ) -> TimerQueue.Token {
        schedule(at: Instant.now() + delay, file: file, line: line, work)
    }

    package func cancel(_ token: TimerQueue.Token) {
        assertOnLoop()
        timers.cancel(token)
    }

    private func assertOnLoop() {
        assert(thread == nil || pthread_equal(thread ?? pthread_self(), pthread_self()) != 0, "not the loop's thread")
    }
}
