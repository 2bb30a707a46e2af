package import OpenMetrics

/// One metric: its descriptor, and how its values are read from a `Subject`, such as a nozzle.
///
/// An unknown value is `nil`: its series is absent, and never 0 or -1.
package struct Metric<Subject>: Sendable {
    package let descriptor: Descriptor
    /// Writes the samples of all subjects; each row holds the labels of one subject.
    let write: @Sendable (UnsafeBufferPointer<Subject>, LabelTable.Rows, inout SampleWriter) -> Void

    static func gauge(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?) -> Metric {
        single(name, .gauge, help, value)
    }

    /// A gauge that is 1 or 0.
    static func flag(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Bool?) -> Metric {
        single(name, .gauge, help) { value($0).map { $0 ? 1 : 0 } }
    }

    /// A counter: a number that only increases, and starts at 0 with the process.
    static func counter(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?) -> Metric {
        single(name, .counter, help, value)
    }

    /// A gauge that is always 1 and carries its information in labels.
    static func info(
        _ name: String, _ labels: [String], _ help: String, _ values: @escaping @Sendable (Subject) -> [String]?
    ) -> Metric {
        let samples = MetricName(name)
        let names = labels.map(LabelName.init)
        return Metric(Descriptor(name, .gauge, help, labels: labels)) { subject, labels, writer in
            if let values = values(subject) { writer.sample(samples, labels, 1, own: names, values) }
        }
    }

    /// A metric with one series for each value of a label.
    static func byLabel(
        _ name: String, _ label: String, _ help: String, kind: Descriptor.Kind = .gauge,
        _ values: @escaping @Sendable (Subject) -> [(String, Double)]
    ) -> Metric {
        let samples = MetricName(name)
        let names = [LabelName(label)]
        return Metric(Descriptor(name, kind, help, labels: [label])) { subject, labels, writer in
            for (text, value) in values(subject) { writer.sample(samples, labels, value, own: names, [text]) }
        }
    }

    /// A counter with one series for each reason, or other case of `Case`; a count that is not in the table is 0.
    static func counters<Case: CaseIterable & Hashable & RawRepresentable<String> & Sendable>(
        _ name: String, by label: String, _ help: String, _ counts: @escaping @Sendable (Subject) -> [Case: Int]?
    ) -> Metric {
        let samples = MetricName(name)
        let names = [LabelName(label)]
        let cases = Case.allCases.map { (key: $0, texts: [$0.rawValue]) }
        return Metric(Descriptor(name, .counter, help, labels: [label])) { subject, labels, writer in
            guard let counts = counts(subject) else { return }
            for (key, texts) in cases { writer.sample(samples, labels, Double(counts[key] ?? 0), own: names, texts) }
        }
    }

    /// A metric with one series for each state: 1 for the current state, 0 for the others.
    static func states<State: CaseIterable & Equatable & RawRepresentable<String> & Sendable>(
        _ name: String, _ help: String, _ current: @escaping @Sendable (Subject) -> State?
    ) -> Metric {
        let samples = MetricName(name)
        let names = [LabelName("state")]
        let states = State.allCases.map { (state: $0, texts: [$0.rawValue]) }
        return Metric(Descriptor(name, .gauge, help, labels: ["state"])) { subject, labels, writer in
            guard let current = current(subject) else { return }
            for (state, texts) in states { writer.sample(samples, labels, state == current ? 1 : 0, own: names, texts) }
        }
    }

    private static func single(
        _ name: String, _ kind: Descriptor.Kind, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?
    ) -> Metric {
        let samples = MetricName(name)
        return Metric(Descriptor(name, kind, help)) { subject, labels, writer in
            if let value = value(subject) { writer.sample(samples, labels, value) }
        }
    }

    /// - Parameter write: Writes the samples of one subject, with its labels.
    private init(
        _ descriptor: Descriptor,
        _ write: @escaping @Sendable (Subject, UnsafeRawBufferPointer, inout SampleWriter) -> Void
    ) {
        self.descriptor = descriptor
        self.write = { subjects, rows, writer in
            for index in rows.indices { write(subjects[index], rows[index], &writer) }
        }
    }
}
