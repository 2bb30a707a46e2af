import Platform
import Reactor

/// Runs work on its own thread, in order, so that work that blocks or takes long, such as writing a file, delays no other
/// thread.
final class SerialWorker: Sendable {
    private struct Queue {
        var work: [@Sendable () -> Void] = []
        var isStopping = false
    }

    private let queue = Locked(Queue())
    private let pending = CountingSemaphore()

    /// Starts the thread. It ends when the worker is released and all queued work is done.
    ///
    /// - Throws: `SystemError` if the thread cannot be created.
    init(named name: String) throws {
        try Thread(named: name) { [queue, pending] in
            while true {
                pending.wait()
                let (work, isStopping) = queue.withLock { queue in
                    defer { queue.work = [] }
                    return (queue.work, queue.isStopping)
                }
                for run in work { run() }
                if isStopping { return }
            }
        }.detach()
    }

    deinit {
        queue.withLock { $0.isStopping = true }
        pending.signal()
    }

    /// Queues `work` for the worker's thread. May be called on any thread.
    func perform(_ work: @escaping @Sendable () -> Void) {
        queue.withLock { $0.work.append(work) }
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
