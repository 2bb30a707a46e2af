/// A value that the loop's thread alone touches, in an object that other threads hold and hand back.
final class LoopBound<Value>: @unchecked Sendable {
    // Sendable: `value` is read and written on the loop's thread only, which whoever makes one of these sees to.
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
