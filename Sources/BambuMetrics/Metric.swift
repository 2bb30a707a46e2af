package import OpenMetrics

/// One metric: what it is called and how its values are taken from a `Subject`, such as a nozzle.
///
/// A value that is not known is `nil`: its series is then missing, and never 0 or -1.
package struct Metric<Subject>: Sendable {
    package let descriptor: Descriptor
    let write: @Sendable (Subject, LabelSet, inout SampleWriter) -> Void

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
        let samples = StaticName(name)
        return Metric(descriptor: Descriptor(name, .gauge, help, labels: labels)) { subject, shared, writer in
            guard let values = values(subject) else { return }
            writer.sample(samples, shared, own: labels, values, 1)
        }
    }

    /// One series for each value of a label.
    static func byLabel(
        _ name: String, _ label: String, _ help: String, kind: Descriptor.Kind = .gauge,
        _ values: @escaping @Sendable (Subject) -> [(String, Double)]
    ) -> Metric {
        let samples = StaticName(name)
        return Metric(descriptor: Descriptor(name, kind, help, labels: [label])) { subject, shared, writer in
            for (key, value) in values(subject) { writer.sample(samples, shared, own: label, key, value) }
        }
    }

    /// One series for each state there is: 1 for the one that holds, 0 for the others.
    static func states<State: CaseIterable & Equatable & RawRepresentable & Sendable>(
        _ name: String, _ help: String, _ current: @escaping @Sendable (Subject) -> State?
    ) -> Metric where State.RawValue == String {
        byLabel(name, "state", help) { (subject: Subject) -> [(String, Double)] in
            guard let current = current(subject) else { return [] }
            return State.allCases.map { ($0.rawValue, $0 == current ? 1 : 0) }
        }
    }

    private static func single(
        _ name: String, _ kind: Descriptor.Kind, _ help: String, _ value: @escaping @Sendable (Subject) -> Double?
    ) -> Metric {
        let samples = StaticName(name)
        return Metric(descriptor: Descriptor(name, kind, help)) { subject, labels, writer in
            if let value = value(subject) { writer.sample(samples, labels, value) }
        }
    }
}
