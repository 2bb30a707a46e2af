import Reactor

/// Reads and writes files on one thread of its own, one after the other, so that a slow disk never blocks the event loop.
final class FileWorker: Sendable {
    private let queue = Locked<[@Sendable () -> Void]>([])
    /// Signalled once for each piece of work and once for the end.
    private let pending = CountingSemaphore()

    /// Starts the thread. It ends when the worker is released and the work handed in before is done.
    ///
    /// - Throws: `SystemError` when the system has no further thread.
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

    /// Runs `work` on the worker's thread after the work that was handed in before. Any thread may call this.
    func perform(_ work: @escaping @Sendable () -> Void) {
        queue.withLock { $0.append(work) }
        pending.signal()
    }

    /// Runs `work` on the worker's thread and hands its result to `then` on the thread of `loop`.
    ///
    /// Call it on the thread of `loop`. It returns at once, and `then` runs at a later turn.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, on loop: EventLoop, then: @escaping (Result) -> Void
    ) {
        let then = LoopIsolated(then)
        perform {
            let result = work()
            loop.perform { then.value(result) }
        }
    }

    /// Waits until the work handed in so far is done, for `limit` at most. Returns whether it is done.
    @discardableResult
    func finish(within limit: Duration) -> Bool {
        let done = CountingSemaphore()
        perform { done.signal() }
        return done.wait(within: limit)
    }
}
