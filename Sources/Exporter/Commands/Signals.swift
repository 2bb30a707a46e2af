import Glibc
import Platform

/// Waits for signals synchronously.
///
/// They are blocked in this thread and the threads it starts, so that they interrupt no system call.
struct Signals: Sendable {
    private let set: sigset_t

    /// Blocks the signals. Must be called before a thread is started.
    init(_ signals: [Int32]) throws {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(code, "pthread_sigmask") }
        self.set = set
    }

    /// Waits for the next signal; `nil` if waiting fails.
    func next() -> Int32? {
        var (set, signal) = (set, Int32(0))
        return sigwait(&set, &signal) == 0 ? signal : nil
    }

    /// Whether SIGTERM or SIGINT is pending.
    var isEndPending: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
    }
}
