import Glibc
import Platform

/// Writes log lines on its own thread, so that a full pipe or a slow disk blocks no other thread.
///
/// The queue is limited in bytes. Lines that do not fit are dropped and counted.
final class LogWriter: Sendable {
    private struct Usage {
        var bytes = 0
        var dropped = 0
    }

    private let descriptor: Int32
    private let limit: Int
    private let usage = Locked(Usage())
    private let worker: SerialWorker

    /// Starts the thread.
    ///
    /// - Parameter limit: the size of the queue in bytes.
    /// - Throws: `SystemError` if the thread cannot be created.
    init(to descriptor: Int32 = STDERR_FILENO, limit: Int = 1 << 20) throws {
        self.descriptor = descriptor
        self.limit = limit
        worker = try SerialWorker(named: "log")
    }

    /// How many lines were dropped since the start because the queue was full.
    var dropped: Int { usage.withLock { $0.dropped } }

    /// Queues a line, including its line feed.
    func write(_ line: String) {
        let size = line.utf8.count
        let fits = usage.withLock { usage in
            guard usage.bytes + size <= limit else {
                usage.dropped += 1
                return false
            }
            usage.bytes += size
            return true
        }
        guard fits else { return }
        worker.perform { [descriptor, usage] in
            Output.write(line, to: descriptor)
            usage.withLock { $0.bytes -= size }
        }
    }

    /// Waits until the queued lines are written, at most for `limit`.
    func flush(within limit: Duration) {
        worker.finish(within: limit)
    }
}
