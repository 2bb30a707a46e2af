package import OpenMetrics

/// One metric: its descriptor, and how its values are read from a `Subject`, such as a nozzle.
///
/// An unknown value is `nil`: its series is absent, and never 0 or -1.
package struct Metric<Subject>: Sendable {
    package let descriptor: Descriptor
    /// Writes the samples of all subjects; each row holds the labels of one subject.
    let write: @Sendable (UnsafeBufferPointer<Subject>, LabelTable.Rows, inout SampleWriter) -> Void

    /// A gauge: a number that can go up and down.
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
        return Metric(descriptor: Descriptor(name, .gauge, help, labels: labels)) { subjects, rows, writer in
            for index in rows.indices {
                guard let values = values(subjects[index]) else { continue }
                writer.sample(samples, rows[index], own: names, values, 1)
            }
        }
    }

    /// A metric with one series for each value of a label.
    static func byLabel(
        _ name: String, _ label: String, _ help: String, kind: Descriptor.Kind = .gauge,
        _ values: @escaping @Sendable (Subject) -> [(String, Double)]
    ) -> Metric {
        let samples = MetricName(name)
        let own = LabelName(label)
        return Metric(descriptor: Descriptor(name, kind, help, labels: [label])) { subjects, rows, writer in
            for index in rows.indices {
                for (key, value) in values(subjects[index]) {
                    writer.sample(samples, rows[index], own: own, key, value)
                }
            }
        }
    }

    /// A metric with one series for each state: 1 for the current state, 0 for the others.
    static func states<State: CaseIterable & Equatable & RawRepresentable & Sendable>(
        _ name: String, _ help: String, _ current: @escaping @Sendable (Subject) -> State?
    ) -> Metric where State.RawValue == String {
        let samples = MetricName(name)
        let label = LabelName("state")
        let states = State.allCases.map { (state: $0, pair: LabelPair(label, $0.rawValue)) }
        return Metric(descriptor: Descriptor(name, .gauge, help, labels: ["state"])) { subjects, rows, writer in
            for index in rows.indices {
                guard let current = current(subjects[index]) else { continue }
                for place in states.indices {
                    writer.sample(samples, rows[index], own: states[place].pair, states[place].state == current ? 1 : 0)
                }
            }
        }
    }

    private static func single(
        _ name: String, _ kind: Descriptor.Kind, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?
    ) -> Metric {
        let samples = MetricName(name)
        return Metric(descriptor: Descriptor(name, kind, help)) { subjects, rows, writer in
            for index in rows.indices {
                if let value = value(subjects[index]) { writer.sample(samples, rows[index], value) }
            }
        }
    }
}
