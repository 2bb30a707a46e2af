import CShim
import Glibc
package import Platform

/// An event loop: waits for descriptors, timers and work from other threads, on one thread.
///
/// `run` runs the loop on the calling thread. `perform`, `stop` and `progress` may be used from any thread; everything
/// else must be called on the loop's thread, or before `run`.
package final class EventLoop: @unchecked Sendable {
    // Sendable: `inbox` and `state` are locked, and the rest is confined to the loop's thread (asserted).

    package struct Interest: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let read = Interest(rawValue: 1)
        package static let write = Interest(rawValue: 2)
    }

    /// The events of a descriptor. They can be spurious: handlers must expect `EAGAIN`.
    package struct Readiness: Sendable {
        package let readable: Bool
        package let writable: Bool
        /// The peer closed the connection or the descriptor failed; reading returns which.
        package let broken: Bool
    }

    /// The progress of the loop, for a watchdog.
    package struct Progress: Sendable {
        /// The number of turns. An idle loop completes one at least every `longestWait`.
        package fileprivate(set) var turns: UInt64 = 0
        /// The code that scheduled the running work; `nil` while the loop waits.
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

    /// The longest time of a turn without work, in milliseconds, so that a hanging loop differs from an idle one.
    private static let longestWait: Int32 = 5000

    private let epoll: Int32
    private let wakeup: Int32
    private let inbox = Locked(Inbox())
    private let state = Locked(Progress())
    private var watches: [Int32: Watch] = [:]
    private var timers = TimerQueue()
    private var thread: pthread_t?

    /// The start of the current turn.
    package private(set) var now = Instant.now()

    package init() throws {
        epoll = shim_epoll_create()
        guard epoll >= 0 else { throw SystemError(errno, "epoll_create1") }
        wakeup = shim_eventfd()
        // From here on, `deinit` closes both.
        guard wakeup >= 0 else { throw SystemError(errno, "eventfd") }
        let code = shim_epoll_set(epoll, wakeup, true, true, false)
        guard code == 0 else { throw SystemError(code, "epoll_ctl") }
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    // The methods below may be called from any thread.

    package var progress: Progress { state.withLock { $0 } }

    /// Runs `work` on the loop's thread, in its next turn.
    package func perform(
        file: StaticString = #fileID, line: UInt = #line, _ work: @escaping @Sendable () -> Void
    ) {
        inbox.withLock { $0.work.append((CodePlace(file: file, line: line), work)) }
        wake()
    }

    /// Ends `run` after the current turn.
    package func stop() {
        inbox.withLock { $0.stopping = true }
        wake()
    }

    private func wake() {
        var one: UInt64 = 1
        // EAGAIN means that the counter is full, so the loop wakes up anyway.
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }

    // The methods below must be called on the loop's thread.

    /// Runs the loop until `stop`. Work that was submitted before `stop` is done first.
    package func run() {
        thread = pthread_self()
        // Mask SIGPIPE: OpenSSL uses `write(2)`, which raises it if the peer is gone. The error of the call is
        // handled.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
        var ready = [shim_ready](repeating: shim_ready(), count: 64)
        while true {
            let stopping = runInbox()
            now = Instant.now()
            while let due = timers.popDue(at: now) {
                record(due.origin)
                due.run()
            }
            record(nil)
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
                    // An earlier handler in this turn may have called `unwatch` for this descriptor.
                    record(watch.origin)
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
            record(item.origin)
            item.run()
        }
        return stopping
    }

    private func record(_ origin: CodePlace?) {
        state.withLock { $0.running = origin }
    }

    /// The timeout of the next wait, in milliseconds.
    private var wait: Int32 {
        let next = timers.milliseconds(from: Instant.now())
        return next < 0 ? Self.longestWait : min(next, Self.longestWait)
    }

    /// Calls `handler` whenever `descriptor` is ready for one of the events in `interest`.
    ///
    /// - Throws: `SystemError` if the kernel rejects the descriptor, for example because it is closed.
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

    /// Changes the events that a descriptor is watched for. There is no system call if they stay the same.
    package func change(_ descriptor: Int32, to interest: Interest) {
        assertOnLoop()
        guard let watch = watches[descriptor], watch.interest != interest else { return }
        _ = shim_epoll_set(epoll, descriptor, false, interest.contains(.read), interest.contains(.write))
        watches[descriptor] = Watch(interest: interest, origin: watch.origin, handler: watch.handler)
    }

    /// Stops watching `descriptor`. Must be called before the descriptor is closed.
    package func unwatch(_ descriptor: Int32) {
        assertOnLoop()
        guard watches.removeValue(forKey: descriptor) != nil else { return }
        _ = shim_epoll_remove(epoll, descriptor)
    }

    /// Runs `work` once at `deadline`, or in the first turn after it.
    @discardableResult
    package func schedule(
        at deadline: Instant, file: StaticString = #fileID, line: UInt = #line, _ work: @escaping () -> Void
    ) -> TimerQueue.Token {
        assertOnLoop()
        return timers.add(at: deadline, from: CodePlace(file: file, line: line), work)
    }

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
        assert(
            thread == nil || pthread_equal(thread ?? pthread_self(), pthread_self()) != 0,
            "must be called on the event loop's thread")
    }
}
