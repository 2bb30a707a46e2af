package import Reactor

/// A thread that turns an event loop.
package final class LoopThread: Sendable {
    package let loop: EventLoop
    private let thread: Locked<Thread?>

    package init() throws {
        loop = try EventLoop()
        thread = Locked(try Thread(named: "loop") { [loop] in loop.run() })
    }

    /// Lets the loop do what it was handed, and waits for the thread to end.
    package func end() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        loop.stop()
        thread.join()
    }
}
