/// Labels as they stand between the braces of a sample, escaped once and then only copied.
package struct LabelSet: Sendable {
    var bytes: [UInt8]

    package init() {
        bytes = []
    }

    /// These labels and one more.
    package func adding(_ name: String, _ value: String) -> LabelSet {
        var extended = self
        extended.add(name, value)
        return extended
    }

    package mutating func add(_ name: String, _ value: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        bytes += name.utf8
        bytes += [UInt8(ascii: "="), UInt8(ascii: "\"")]
        Escaping.appendLabelValue(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}
