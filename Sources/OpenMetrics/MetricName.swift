/// A metric's name as bytes, made once.
package struct MetricName: Sendable {
    let bytes: [UInt8]

    package init(_ name: String) {
        bytes = Array(name.utf8)
    }
}

/// A label's name as it stands before its value, made once: `name="`.
package struct LabelName: Sendable {
    let bytes: [UInt8]

    package init(_ name: String) {
        bytes = Array("\(name)=\"".utf8)
    }
}
