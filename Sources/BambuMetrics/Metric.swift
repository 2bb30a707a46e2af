package import OpenMetrics

/// One metric: what it is called and how its values are taken from a `Subject`, such as a nozzle.
///
/// A value that is not known is `nil`: its series is then missing, and never 0 or -1.
package struct Metric<Subject>: Sendable {
    package let descriptor: Descriptor
    /// Writes the samples of all subjects, whose labels are the rows.
    let write: @Sendable (UnsafeBufferPointer<Subject>, LabelTable.Rows, inout SampleWriter) -> Void

    /// A number that goes up and down.
    static func gauge(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?) -> Metric {
        single(name, .gauge, help, value)
    }

    /// A flag: 1 or 0.
    static func flag(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Bool?) -> Metric {
        single(name, .gauge, help) { value($0).map { $0 ? 1 : 0 } }
    }

    /// A number that only goes up, and starts at 0 with the process.
    static func counter(_ name: String, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?) -> Metric {
        single(name, .counter, help, value)
    }

    /// A gauge that is always 1 and says what it has to say in labels.
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

    /// One series for each value of a label.
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

    /// One series for each state there is: 1 for the one that holds, 0 for the others.
    static func states<State: CaseIterable & Equatable & RawRepresentable & Sendable>(
        _ name: String, _ help: String, _ current: @escaping @Sendable (Subject) -> State?
    ) -> Metric where State.RawValue == String {
        let samples = MetricName(name)
        let own = LabelName("state")
        let states = State.allCases.map { (state: $0, name: $0.rawValue) }
        return Metric(descriptor: Descriptor(name, .gauge, help, labels: ["state"])) { subjects, rows, writer in
            for index in rows.indices {
                guard let current = current(subjects[index]) else { continue }
                for (state, name) in states {
                    writer.sample(samples, rows[index], own: own, name, state == current ? 1 : 0)
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
