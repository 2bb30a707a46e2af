import Glibc
import Reactor

/// Signals as something to wait for. They are blocked in this thread and in those that it starts, so that none of them
/// interrupts anything.
final class Signals {
    private var set = sigset_t()

    /// Call it before any thread is started.
    init(_ signals: [Int32]) throws {
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        let code = pthread_sigmask(SIG_BLOCK, &set, nil)
        guard code == 0 else { throw SystemError(code, "pthread_sigmask") }
    }

    /// Waits for the next signal; `nil` where waiting is not possible.
    func next() -> Int32? {
        var signal: Int32 = 0
        return sigwait(&set, &signal) == 0 ? signal : nil
    }

    /// Whether a signal that ends the process has come and is not taken yet.
    var isEndPending: Bool {
        var pending = sigset_t()
        guard sigpending(&pending) == 0 else { return false }
        return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
    }
}
