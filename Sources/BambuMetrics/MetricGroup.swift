package import OpenMetrics

/// The metrics of one kind of subject, such as all that is told of an AMS slot, and where the subjects come from.
///
/// `Source` is what a whole block of an exposition is made from: a printer, or the process.
package struct MetricGroup<Source>: Sendable {
    /// The heading in the documentation.
    package let title: String
    /// The metrics, with the labels of the group in front of their own.
    package let descriptors: [Descriptor]
    private let write: @Sendable (Source, LabelSet, inout SampleWriter, inout [Int]) -> Void

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
        write = { source, shared, writer, ends in
            let found = subjects(source)
            var all = LabelTable(capacity: found.count)
            for (values, _) in found { all.add(shared, labels, values) }
            // By place, not by iteration: a subject may be large, and would be copied for every metric.
            found.map(\.subject).withUnsafeBufferPointer { subjects in
                all.withRows { rows in
                    for metric in metrics {
                        metric.write(subjects, rows, &writer)
                        ends.append(writer.count)
                    }
                }
            }
        }
    }

    /// A group with one subject at the most and no labels of its own.
    package init<Subject>(
        _ title: String, of kind: Subject.Type, from subject: @escaping @Sendable (Source) -> Subject?,
        _ metrics: [Metric<Subject>]
    ) {
        self.init(title, labels: [], of: kind, from: { source in subject(source).map { [([], $0)] } ?? [] }, metrics)
    }

    func render(_ source: Source, _ labels: LabelSet, into writer: inout SampleWriter, ends: inout [Int]) {
        write(source, labels, &writer, &ends)
    }
}

extension [MetricGroup<PrinterSnapshot>] {
    /// The samples of one printer, family by family.
    package func block(of printer: PrinterSnapshot) -> SampleBlock {
        var labels = LabelSet()
        labels.add("printer", printer.name)
        return block(of: printer, labels)
    }
}

extension Array {
    /// The samples of one source, family by family.
    package func block<Source>(of source: Source, _ labels: LabelSet = LabelSet()) -> SampleBlock
    where Element == MetricGroup<Source> {
        var writer = SampleWriter(capacity: 16 << 10)
        var ends: [Int] = []
        for group in self { group.render(source, labels, into: &writer, ends: &ends) }
        return SampleBlock(writer, ends: ends)
    }
}
