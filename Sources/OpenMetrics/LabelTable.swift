/// The labels of several subjects, in the form they have between the braces of a sample, in one buffer.
package struct LabelTable: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    package init(capacity: Int) {
        bytes.reserveCapacity(capacity * 48)
        ends.reserveCapacity(capacity)
    }

    /// Adds a row: labels that all rows share, then labels of its own.
    package mutating func add(_ shared: LabelSet, _ names: [LabelName], _ values: [String]) {
        var row = LabelSet(appendingTo: bytes, from: bytes.count)
        bytes = []
        row.add(shared)
        for index in 0..<min(names.count, values.count) { row.add(names[index], values[index]) }
        bytes = row.bytes
        ends.append(bytes.count)
    }

    /// Calls `body` with views of all rows, valid during the call.
    package func withRows<Result>(_ body: (Rows) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            ends.withUnsafeBufferPointer { body(Rows(bytes: bytes, ends: $0)) }
        }
    }

    /// Views into the table's memory. Copying them copies no bytes and changes no reference counts.
    package struct Rows {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate let ends: UnsafeBufferPointer<Int>

        package var indices: Range<Int> { 0..<ends.count }

        package subscript(index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
        }
    }
}
