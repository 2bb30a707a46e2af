/// The labels of several subjects, each in the form of a `LabelSet`, in one buffer.
package struct LabelTable: ~Copyable {
    private var writer: SampleWriter
    private var ends: [Int] = []

    package init(capacity: Int) {
        writer = SampleWriter(capacity: capacity * 64 + 128)
        ends.reserveCapacity(capacity)
    }

    /// Adds a row: labels that all rows share, then labels of its own.
    package mutating func add(_ shared: LabelSet, _ names: [LabelName], _ values: [String]) {
        writer.add(shared, names, values)
        ends.append(writer.count)
    }

    /// Calls `body` with views of all rows, valid during the call.
    package func withRows<Result>(_ body: (Rows) -> Result) -> Result {
        writer.withBytes { bytes in
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
