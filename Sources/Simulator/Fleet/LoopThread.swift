import Glibc
package import Reactor

/// A thread that turns an event loop.
package final class LoopThread: Sendable {
    package let loop: EventLoop
    private let thread = Locked<pthread_t?>(nil)

    package init() throws {
        loop = try EventLoop()
        let argument = Unmanaged.passRetained(loop)
        var id = pthread_t()
        let code = pthread_create(
            &id, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            throw SystemError(code, "pthread_create")
        }
        thread.withLock { $0 = id }
    }

    /// Lets the loop do what it was handed, and waits for the thread to end.
    package func end() {
        guard let id = thread.withLock({ $0.take() }) else { return }
        loop.stop()
        pthread_join(id, nil)
    }
}
