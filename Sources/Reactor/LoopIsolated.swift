/// A value that only the event loop's thread reads and writes, in an object that other threads may hold and hand back.
package final class LoopIsolated<Value>: @unchecked Sendable {
    // Sendable: other threads hold the object and do not touch `value`. Every use reads and writes it before the loop runs, on
    // the loop's thread, or inside `EventLoop.perform`.
    package var value: Value

    package init(_ value: Value) {
        self.value = value
    }
}
