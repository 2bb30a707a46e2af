/// Labels as they begin after the name of a sample, such as `{printer="x"`, escaped once and then only copied.
package struct LabelSet: Sendable {
    let bytes: [UInt8]

    package init(_ labels: KeyValuePairs<String, String> = [:]) {
        var writer = SampleWriter()
        _ = writer.add(labels.map { LabelName($0.key) }, labels.map { $0.value }, isFirst: true)
        bytes = writer.finish()
    }
}
