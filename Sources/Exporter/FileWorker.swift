import Reactor

/// Reads and writes files on its own thread, in order, so that a slow disk never blocks the event loop.
final class FileWorker: Sendable {
    private let queue = Locked<[@Sendable () -> Void]>([])
    /// Signalled once for each work item and once for the end.
    private let pending = CountingSemaphore()

    /// Starts the thread. It ends when the worker is released and all queued work is done.
    ///
    /// - Throws: `SystemError` if the thread cannot be created.
    init() throws {
        try Thread(named: "files") { [queue, pending] in
            while true {
                pending.wait()
                let next: (@Sendable () -> Void)? = queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                guard let next else { return }
                next()
            }
        }.detach()
    }

    deinit {
        pending.signal()
    }

    /// Queues `work` for the worker's thread. May be called on any thread.
    func perform(_ work: @escaping @Sendable () -> Void) {
        queue.withLock { $0.append(work) }
        pending.signal()
    }

    /// Runs `work` on the worker's thread and passes its result to `then` on the thread of `loop`.
    ///
    /// Must be called on the thread of `loop`. Returns at once; `then` runs in a later turn.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, on loop: EventLoop, then: @escaping (Result) -> Void
    ) {
        let then = LoopIsolated(then)
        perform {
            let result = work()
            loop.perform { then.value(result) }
        }
    }

    /// Waits until the queued work is done, at most for `limit`. Returns whether it is done.
    @discardableResult
    func finish(within limit: Duration) -> Bool {
        let done = CountingSemaphore()
        perform { done.signal() }
        return done.wait(within: limit)
    }
}
