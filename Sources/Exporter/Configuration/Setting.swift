/// One key of an object of the configuration file. The reference is generated from it.
struct Setting<Object: Sendable>: Sendable {
    /// The property for a value.
    typealias Place<Value> = any WritableKeyPath<Object, Value> & Sendable

    let description: SettingDescription
    /// Reads the key's value into the object.
    let read: @Sendable (ConfigurationValue, _ path: String, inout Object, inout ConfigurationReading) -> Void
    /// Reads the key's environment variable, and those of the keys inside its object.
    private(set) var readEnvironment: @Sendable ([String: String], inout Object, inout ConfigurationReading) -> Void =
        { _, _, _ in }

    var key: String { description.key }
}

extension Setting where Object: ConfigurationObject {
    /// A key with a single value.
    ///
    /// - Parameters:
    ///   - member: the property; its initial value is the default.
    ///   - variable: the environment variable that overrides the file.
    init<Value>(
        _ key: String, _ member: Place<Value>, _ kind: SettingKind<Value>, _ help: String,
        variable: String? = nil
    ) {
        self.init(key, kind, help, default: kind.written(Object()[keyPath: member]), variable) {
            $0[keyPath: member] = $1
        }
    }

    /// A key with a single value and no default.
    init<Value>(
        _ key: String, _ member: Place<Value?>, _ kind: SettingKind<Value>, _ help: String,
        variable: String? = nil
    ) {
        self.init(key, kind, help, default: "", variable) { $0[keyPath: member] = $1 }
    }

    private init<Value>(
        _ key: String, _ kind: SettingKind<Value>, _ help: String, default fallback: String, _ variable: String?,
        set: @escaping @Sendable (inout Object, Value) -> Void
    ) {
        description = SettingDescription(
            key: key, takes: kind.takes, fallback: fallback, help: help, variable: variable)
        read = { value, path, object, reading in
            if let value = kind.read(value, path, &reading) { set(&object, value) }
        }
        readEnvironment = { environment, object, reading in
            guard let variable, let text = environment[variable], !text.isEmpty,
                let value = kind.read(kind.variable(text), variable, &reading)
            else { return }
            set(&object, value)
        }
    }

    /// A key with an object.
    init<Member: ConfigurationObject>(_ key: String, _ member: Place<Member>, _ help: String) {
        description = SettingDescription(key: key, takes: "object", help: help, members: Member.descriptions)
        read = { $2[keyPath: member].read($0, at: $1, &$3) }
        readEnvironment = { $1[keyPath: member].read(environment: $0, &$2) }
    }

    /// A key with an optional object.
    init<Member: ConfigurationObject>(
        _ key: String, _ member: Place<Member?>, _ help: String
    ) {
        description = SettingDescription(key: key, takes: "object", help: help, members: Member.descriptions)
        read = { value, path, object, reading in
            var inner = object[keyPath: member] ?? Member()
            inner.read(value, at: path, &reading)
            object[keyPath: member] = inner
        }
        readEnvironment = { environment, object, reading in
            guard Member.descriptions.contains(where: { $0.isNamed(in: environment) }) else { return }
            var inner = object[keyPath: member] ?? Member()
            inner.read(environment: environment, &reading)
            object[keyPath: member] = inner
        }
    }

    /// A key with an object that has only some keys of its type.
    init<Member: ConfigurationObject>(
        _ key: String, _ member: Place<Member>, only settings: [Setting<Member>],
        _ help: String
    ) {
        description = SettingDescription(
            key: key, takes: "object", help: help, members: settings.map(\.description.withoutVariables))
        read = { $2[keyPath: member].read(settings, of: $0, at: $1, &$3) }
    }

    /// A key with a list of objects.
    ///
    /// - Parameter template: the initial value of each element.
    init<Member: ConfigurationObject>(
        _ key: String, _ member: Place<[Member]>,
        from template: Place<Member>, _ help: String
    ) {
        description = SettingDescription(
            key: key, takes: "list of objects", help: help, members: Member.descriptions, isList: true)
        read = { value, path, object, reading in
            guard case .array(let elements) = value else {
                return reading.refuse(path, "expected a list, found \(value.shown)")
            }
            for (index, element) in elements.enumerated() {
                var new = object[keyPath: template]
                new.read(element, at: "\(path)[\(index)]", &reading)
                object[keyPath: member].append(new)
            }
        }
    }
}

extension ConfigurationObject {
    /// The keys as documented in the reference.
    static var descriptions: [SettingDescription] { settings.map(\.description) }
}
