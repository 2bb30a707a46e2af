package import OpenMetrics

/// The metrics of one kind of subject, such as an AMS slot, and how the subjects are found.
///
/// `Source` is the origin of a block of the exposition: a printer, or the process.
package struct MetricGroup<Source>: Sendable {
    /// The heading in the documentation.
    package let title: String
    /// The descriptors of the metrics, with the labels of the group before their own.
    package let descriptors: [Descriptor]
    fileprivate let write: @Sendable (Source, LabelSet, inout SampleWriter, inout [Int]) -> Void

    /// - Parameters:
    ///   - labels: the names of the labels that tell one subject from another.
    ///   - subjects: the subjects of a source, each with the values of those labels.
    package init<Subject>(
        _ title: String, labels: [String], of kind: Subject.Type,
        from subjects: @escaping @Sendable (Source) -> [(labels: [String], subject: Subject)],
        _ metrics: [Metric<Subject>]
    ) {
        self.title = title
        descriptors = metrics.map(\.descriptor).map {
            Descriptor($0.name, $0.kind, $0.help, labels: labels + $0.labels)
        }
        let names = labels.map(LabelName.init)
        write = { source, shared, writer, ends in
            let found = subjects(source)
            var table = LabelTable(capacity: found.count)
            for (values, _) in found { table.add(shared, names, values) }
            // Subscripts a buffer: iteration would copy every subject for each metric, and a subject may be large.
            found.map(\.subject).withUnsafeBufferPointer { subjects in
                table.withRows { rows in
                    for metric in metrics {
                        metric.write(subjects, rows, &writer)
                        ends.append(writer.count)
                    }
                }
            }
        }
    }

    /// Creates a group with at most one subject and without labels of its own.
    package init<Subject>(
        _ title: String, of kind: Subject.Type, from subject: @escaping @Sendable (Source) -> Subject?,
        _ metrics: [Metric<Subject>]
    ) {
        self.init(title, labels: [], of: kind, from: { source in subject(source).map { [([], $0)] } ?? [] }, metrics)
    }

    /// Creates a group with one subject for each entry of a table; the label is the key.
    init<Key: Comparable & CustomStringConvertible & Sendable, Subject>(
        _ title: String, label: String, of table: @escaping @Sendable (Source) -> [Key: Subject],
        _ metrics: [Metric<Subject>]
    ) {
        self.init(
            title, labels: [label], of: Subject.self,
            from: { table($0).sorted { $0.key < $1.key }.map { ([$0.key.description], $0.value) } }, metrics)
    }
}

extension [MetricGroup<PrinterSnapshot>] {
    /// Returns the samples of one printer, ordered by metric family.
    package func block(of printer: PrinterSnapshot) -> SampleBlock {
        block(of: printer, LabelSet(["printer": printer.name]))
    }
}

extension Array {
    /// Returns the samples of one source, ordered by metric family.
    package func block<Source>(of source: Source, _ labels: LabelSet = LabelSet()) -> SampleBlock
    where Element == MetricGroup<Source> {
        var writer = SampleWriter(capacity: 16 << 10)
        var ends: [Int] = []
        for group in self { group.write(source, labels, &writer, &ends) }
        return SampleBlock(writer, ends: ends)
    }
}
