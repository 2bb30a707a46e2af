import Glibc
import Reactor

/// Writes log lines to a descriptor on a thread of its own, so that a full pipe or a slow disk blocks no other thread.
///
/// The queue holds a limited number of bytes. Lines that do not fit are dropped and counted.
final class LogWriter: Sendable {
    private enum Entry: Sendable {
        case line(String)
        /// Signalled once every line before it is written.
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
    ///   - descriptor: where the lines go.
    ///   - limit: bytes that may wait to be written.
    /// - Throws: `SystemError` when the system has no further thread.
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

    /// Lines that did not fit into the queue since the start.
    var dropped: Int { queue.withLock { $0.dropped } }

    /// Queues a line, its line feed included.
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

    /// Waits until the lines queued so far are written, for `limit` at most.
    func flush(within limit: Duration) {
        let done = CountingSemaphore()
        queue.withLock { $0.entries.append(.mark(done)) }
        pending.signal()
        _ = done.wait(within: limit)
    }
}
