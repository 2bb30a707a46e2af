/// A metric's name as bytes, created once.
package struct MetricName: Sendable {
    let bytes: [UInt8]

    package init(_ name: String) {
        bytes = Array(name.utf8)
    }
}

/// A label's name with the text up to its value, `name="`, created once.
package struct LabelName: Sendable {
    let bytes: [UInt8]

    package init(_ name: String) {
        bytes = Array("\(name)=\"".utf8)
    }
}

/// A label with its value, `name="value"`, created once.
package struct LabelPair: Sendable {
    let bytes: [UInt8]

    package init(_ name: LabelName, _ value: String) {
        var bytes = name.bytes
        Escaping.appendLabelValue(value, to: &bytes)
        self.bytes = bytes + [UInt8(ascii: "\"")]
    }
}
