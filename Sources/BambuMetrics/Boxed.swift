/// A value that is passed on as a reference: a copy of the value itself would copy its strings and arrays.
final class Boxed<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
