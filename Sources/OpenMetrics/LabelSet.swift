/// Labels as they stand between the braces of a sample, escaped once and then only copied.
package struct LabelSet: Sendable {
    var bytes: [UInt8]

    package init() {
        bytes = []
    }

    package mutating func add(_ name: String, _ value: String) {
        bytes.reserveCapacity(bytes.count + name.utf8.count + value.utf8.count + 4)
        if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
        var name = name
        name.withUTF8 { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
        Escaping.appendLabelValue(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}
