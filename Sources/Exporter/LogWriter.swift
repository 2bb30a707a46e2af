import Glibc
import Reactor

/// Writes log lines on its own thread, so that a full pipe or a slow disk blocks no other thread.
///
/// The queue is limited in bytes. Lines that do not fit are dropped and counted.
final class LogWriter: Sendable {
    private enum Entry: Sendable {
        case line(String)
        /// Signalled when every earlier line is written.
        case mark(CountingSemaphore)
    }

    private struct Queue {
        var entries: [Entry] = []
        var bytes = 0
        var dropped = 0
        var isStopping = false
    }

    private let limit: Int
    private let queue = Locked(Queue())
    private let pending = CountingSemaphore()

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor to write to.
    ///   - limit: the size of the queue in bytes.
    /// - Throws: `SystemError` if the thread cannot be created.
    init(to descriptor: Int32 = STDERR_FILENO, limit: Int = 1 << 20) throws {
        self.limit = limit
        try Thread(named: "log") { [queue, pending] in
            while true {
                pending.wait()
                let (entries, isStopping) = queue.withLock { queue in
                    defer { queue.entries = [] }
                    return (queue.entries, queue.isStopping)
                }
                for entry in entries {
                    switch entry {
                    case .line(let line):
                        Output.write(line, to: descriptor)
                        queue.withLock { $0.bytes -= line.utf8.count }
                    case .mark(let done): done.signal()
                    }
                }
                if isStopping { return }
            }
        }.detach()
    }

    deinit {
        queue.withLock { $0.isStopping = true }
        pending.signal()
    }

    /// How many lines were dropped since the start because the queue was full.
    var dropped: Int { queue.withLock { $0.dropped } }

    /// Queues a line, including its line feed.
    func write(_ line: String) {
        let isQueued = queue.withLock { queue in
            let size = line.utf8.count
            guard queue.bytes + size <= limit else {
                queue.dropped += 1
                return false
            }
            queue.bytes += size
            queue.entries.append(.line(line))
            return true
        }
        if isQueued { pending.signal() }
    }

    /// Waits until the queued lines are written, at most for `limit`.
    func flush(within limit: Duration) {
        let done = CountingSemaphore()
        queue.withLock { $0.entries.append(.mark(done)) }
        pending.signal()
        _ = done.wait(within: limit)
    }
}
