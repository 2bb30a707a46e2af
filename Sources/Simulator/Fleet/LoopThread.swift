package import Reactor

/// A thread that turns an event loop.
package final class LoopThread: Sendable {
    typealias Completion = @Sendable (Result<Void, any Error>) -> Void

    package let loop: EventLoop
    private let thread: Locked<Thread?>

    package init() throws {
        loop = try EventLoop()
        thread = Locked(try Thread(named: "loop") { [loop] in loop.run() })
    }

    /// Runs `body` on the loop's thread and waits for its value; `nil` after `end`.
    @discardableResult
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            perform(else: nil, continuation) { continuation.resume(with: Result { try body() }) }
        }
    }

    /// Runs `body` on the loop's thread and waits until it calls `done`; does nothing after `end`.
    func wait(for body: @escaping @Sendable (_ done: @escaping Completion) -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            perform(else: (), continuation) { body { continuation.resume(with: $0) } }
        }
    }

    private func perform<Value: Sendable>(
        else value: Value, _ continuation: CheckedContinuation<Value, any Error>, _ body: @escaping @Sendable () -> Void
    ) {
        // Work that is handed in before `stop` is done: so the loop must not be stopped between the two.
        let isTaken = thread.withLock { thread in
            if thread != nil { loop.perform(body) }
            return thread != nil
        }
        if !isTaken { continuation.resume(returning: value) }
    }

    /// Lets the loop finish its work, and waits for the thread to end.
    package func end() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            if thread != nil { loop.stop() }
            return thread
        }
        thread?.join()
    }
}
