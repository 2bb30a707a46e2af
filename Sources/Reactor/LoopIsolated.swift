/// A value confined to the event loop's thread, in an object that other threads may hold and pass on.
package final class LoopIsolated<Value>: @unchecked Sendable {
    // Sendable: other threads hold the object but do not access `value`. It is only used before the loop runs, on the
    // loop's thread, or inside `EventLoop.perform`.
    package var value: Value

    package init(_ value: Value) {
        self.value = value
    }
}
