/// A value that only the event loop's thread reads and writes, in an object that other threads may hold and hand back.
package final class LoopIsolated<Value>: @unchecked Sendable {
    // Sendable: `value` is used on the event loop's thread only; users of this type see to that.
    package var value: Value

    package init(_ value: Value) {
        self.value = value
    }
}
