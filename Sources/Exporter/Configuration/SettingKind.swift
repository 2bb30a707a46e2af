import Platform
import TLS

/// The type of a setting's value: how it is read, and how the reference documents it.
struct SettingKind<Value: Sendable>: Sendable {
    /// The accepted values, as shown in the reference.
    let takes: String
    /// Reads a value. Returns `nil` after adding a problem.
    private(set) var read: @Sendable (ConfigurationValue, _ path: String, inout ConfigurationReading) -> Value?
    /// Formats a default in the syntax of the file; "" if the reference shows none.
    private(set) var written: @Sendable (Value) -> String = { _ in "" }
    /// Converts an environment variable to a value of the file.
    private(set) var variable: @Sendable (String) -> ConfigurationValue = { .text($0) }

    /// A type whose values are parsed one at a time.
    ///
    /// - Parameters:
    ///   - expected: the accepted values, as shown in errors.
    ///   - isSecret: whether errors must not show the value.
    init(
        _ takes: String, expected: String, isSecret: Bool = false,
        parse: @escaping @Sendable (ConfigurationValue) -> Value?
    ) {
        self.takes = takes
        read = { value, path, reading in
            if let parsed = parse(value) { return parsed }
            let found = isSecret ? (value.text == "" ? "an empty string" : value.kind) : value.shown
            reading.refuse(path, "expected \(expected), found \(found)")
            return nil
        }
    }

    init(
        _ takes: String,
        read: @escaping @Sendable (ConfigurationValue, String, inout ConfigurationReading) -> Value?
    ) {
        self.takes = takes
        self.read = read
    }

    /// The same type with a further check.
    ///
    /// - Parameter problem: returns what is wrong with a value; `nil` if it is valid.
    func checked(_ problem: @escaping @Sendable (Value) -> String?) -> Self {
        var kind = self
        kind.read = { [read] value, path, reading in
            guard let value = read(value, path, &reading) else { return nil }
            guard let problem = problem(value) else { return value }
            reading.refuse(path, problem)
            return nil
        }
        return kind
    }

    /// The same type with a format of defaults, and with a conversion of environment variables.
    func shown(
        _ written: @escaping @Sendable (Value) -> String,
        variable: @escaping @Sendable (String) -> ConfigurationValue = { .text($0) }
    ) -> Self {
        var kind = self
        (kind.written, kind.variable) = (written, variable)
        return kind
    }
}

extension SettingKind where Value == String {
    static var text: Self {
        Self("string", expected: "a string") { $0.text.flatMap { $0.isEmpty ? nil : $0 } }
            .shown { $0.isEmpty ? "" : "\"\($0)\"" }
    }

    /// A serial number, which becomes part of MQTT topics.
    static var serial: Self { text.checked(SerialNumber.problem(in:)) }

    /// A PEM file, which is read together with the configuration.
    static var authorityFile: Self {
        Self(text.takes) { value, path, reading in
            guard let file = text.read(value, path, &reading) else { return nil }
            reading.readAuthorities(file, at: path)
            return file
        }
    }

    /// A prefix of topics, which may be empty.
    static var topicPrefix: Self {
        Self("string", expected: "a string", parse: \.text).shown { "\"\($0)\"" }.checked { prefix in
            prefix.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && !"+#".utf8.contains($0) }
                ? nil : "a topic prefix must not contain + or #"
        }
    }
}

extension SettingKind where Value == Secret {
    /// A secret string. No message, log line or metric shows it.
    static var secret: Self {
        // Unquoted digits are a common mistake, and a number would lose its leading zeros.
        Self("string (secret)", expected: "a string in quotes", isSecret: true) { value in
            value.text.flatMap { $0.isEmpty ? nil : Secret($0.trimmed(of: ["\n", "\r"])) }
        }
    }
}

extension SettingKind where Value == Bool {
    static var flag: Self {
        Self("`true`, `false`", expected: "true or false", parse: \.flag)
            .shown({ "\($0)" }, variable: { ["true": .flag(true), "false": .flag(false)][$0] ?? .text($0) })
    }
}

extension SettingKind where Value: FixedWidthInteger {
    static func integer(_ range: ClosedRange<Value>) -> Self {
        let (first, last) = (range.lowerBound, range.upperBound)
        return Self("\(first) to \(last)", expected: "a whole number from \(first) to \(last)") { value in
            value.integer.flatMap { Value(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
        }.shown({ "\($0)" }, variable: { text in Int(text).map { .number(Double($0)) } ?? .text(text) })
    }
}

extension SettingKind where Value == UInt16 {
    static var port: Self { integer(1...65535) }
}

extension SettingKind where Value == Duration {
    static func duration(atLeast shortest: Duration) -> Self {
        let limit = DurationText.text(of: shortest)
        let example = "a duration such as \"90s\", \"5m\" or \"1h30m\""
        return Self("duration, at least `\(limit)`", expected: example) { $0.text.flatMap(DurationText.parse) }
            .shown { "\"\(DurationText.text(of: $0))\"" }
            .checked { $0 >= shortest ? nil : "expected at least \"\(limit)\", found \"\(DurationText.text(of: $0))\"" }
    }
}

extension SettingKind where Value == Fingerprint {
    static var fingerprint: Self {
        Self("fingerprint", expected: "sha256: and 64 hexadecimal digits") { $0.text.flatMap { Fingerprint($0) } }
    }
}

extension SettingKind where Value: Equatable {
    /// One of several keywords.
    static func choice(_ choices: [(word: String, value: Value)]) -> Self {
        let words = choices.map(\.word)
        return Self(
            words.map { "`\($0)`" }.joined(separator: ", "), expected: "one of \(words.joined(separator: ", "))"
        ) { value in
            choices.first { $0.word == value.text }?.value
        }.shown { value in choices.first { $0.value == value }.map { "\"\($0.word)\"" } ?? "" }
    }
}

extension SettingKind where Value: RawRepresentable<String> & CaseIterable & Equatable {
    static var choice: Self { choice(Value.allCases.map { ($0.rawValue, $0) }) }
}

extension SettingKind {
    /// An object with arbitrary keys.
    static func map<Element>(_ element: SettingKind<Element>) -> Self where Value == [String: Element] {
        Self("object of \(element.takes)") { value, path, reading in
            guard case .object(let members) = value else {
                reading.refuse(path, "expected an object, found \(value.shown)")
                return nil
            }
            var elements: Value = [:]
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                elements[key] = element.read(member, "\(path).\(key)", &reading)
            }
            return elements
        }
    }
}

extension SettingKind where Value == [String] {
    /// A list of serial numbers without duplicates.
    static var serials: Self {
        let element = SettingKind<String>.serial
        return Self("list of \(element.takes)s") { value, path, reading in
            guard case .array(let values) = value else {
                reading.refuse(path, "expected a list, found \(value.shown)")
                return nil
            }
            var serials: [String] = []
            for (index, value) in values.enumerated() {
                guard let serial = element.read(value, "\(path)[\(index)]", &reading) else { continue }
                if serials.contains(serial) { reading.refuse("\(path)[\(index)]", "\(serial) is listed twice") }
                serials.append(serial)
            }
            return serials
        }
    }
}
