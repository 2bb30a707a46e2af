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
