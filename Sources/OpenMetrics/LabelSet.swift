/// Labels in the form they have between the braces of a sample, escaped once and then only copied.
package struct LabelSet: Sendable {
    private(set) var bytes: [UInt8]
    /// The index of the first label.
    private let start: Int

    package init() {
        self.init(appendingTo: [], from: 0)
    }

    /// Creates a set that appends its labels to `bytes`, whose content before `start` is kept.
    init(appendingTo bytes: consuming [UInt8], from start: Int) {
        self.bytes = bytes
        self.start = start
    }

    package mutating func add(_ name: String, _ value: String) {
        add(LabelName(name), value)
    }

    mutating func add(_ name: LabelName, _ value: String) {
        if bytes.count > start { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: name.bytes)
        Escaping.appendLabelValue(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends all labels of another set.
    mutating func add(_ others: LabelSet) {
        if bytes.count > start, !others.bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: others.bytes)
    }
}
