import CommandFlags

/// An object of a configuration file.
protocol ConfigurationObject: Sendable {
    /// Creates an object with every default.
    init()

    /// The keys. Reading, checks, environment, defaults and the reference are derived from them.
    static var settings: [Setting<Self>] { get }

    /// Completes the object after its keys were read, and checks keys that depend on each other.
    ///
    /// - Parameters:
    ///   - value: the object in the file.
    ///   - path: the path of the object; "" for the whole file.
    mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading)
}

extension ConfigurationObject {
    mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {}

    /// Reads the text of a file, in JSON5.
    ///
    /// - Parameter note: precedes the message about a syntax error.
    /// - Throws: `ConfigurationError` for a syntax error; the result contains all other problems.
    mutating func read(
        _ text: String, of file: String, note: String = ""
    ) throws(ConfigurationError) -> ConfigurationReading {
        do throws(JSON5Document.SyntaxError) {
            let document = try JSON5Document(text)
            var reading = ConfigurationReading(of: file, document)
            read(document.root, at: "", &reading)
            return reading
        } catch {
            throw ConfigurationError("\(file):\(error.line)", note + error.message)
        }
    }

    /// Reads every key. A missing or `null` key keeps its current value.
    mutating func read(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
        read(Self.settings, of: value, at: path, &reading)
        finish(value, at: path, &reading)
    }

    /// Reads the given keys, and reports others as unknown.
    mutating func read(
        _ settings: [Setting<Self>], of value: ConfigurationValue, at path: String,
        _ reading: inout ConfigurationReading
    ) {
        guard case .object(let members) = value else {
            return reading.refuse(path, "expected an object, found \(value.kind)")
        }
        let keys = settings.map(\.key)
        for key in members.keys.sorted() where !keys.contains(key) {
            reading.refuse(Self.path(path, key), "unknown key" + Spelling.suggestion(for: key, among: keys))
        }
        for setting in settings {
            guard let member = value[setting.key] else { continue }
            setting.read(member, Self.path(path, setting.key), &self, &reading)
        }
    }

    /// Reads the keys that have environment variables.
    mutating func read(environment: [String: String], _ reading: inout ConfigurationReading) {
        for setting in Self.settings { setting.readEnvironment(environment, &self, &reading) }
    }

    private static func path(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
