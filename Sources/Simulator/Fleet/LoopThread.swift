import Platform
package import Reactor

package final class LoopThread: Sendable {
    package let loop: EventLoop
    private let thread: Locked<Thread?>

    package init() throws {
        loop = try EventLoop()
        thread = Locked(try Thread(named: "loop") { [loop] in loop.run() })
    }

    /// Runs `body` on the loop's thread and returns its value; `nil` after `end`.
    @discardableResult
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value? {
        try await wait(else: nil) { done in done(Result { try body() }) }
    }

    /// Runs `body` on the loop's thread and returns what it passes to `done`; `value` after `end`.
    func wait<Value: Sendable>(
        else value: Value,
        for body: @escaping @Sendable (_ done: @escaping @Sendable (Result<Value, any Error>) -> Void) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            // The loop executes all work submitted before `stop`, so it must not be stopped between check and
            // submission.
            let isAccepted = thread.withLock { thread in
                if thread != nil { loop.perform { body { continuation.resume(with: $0) } } }
                return thread != nil
            }
            if !isAccepted { continuation.resume(returning: value) }
        }
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
