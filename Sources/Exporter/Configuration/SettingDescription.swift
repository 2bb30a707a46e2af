/// The reference documentation of a key.
struct SettingDescription: Sendable {
    let key: String
    /// The accepted values.
    let takes: String
    /// The default in the syntax of the file; "" if there is no default or `help` describes it.
    var fallback = ""
    let help: String
    /// The environment variable that overrides the file.
    var variable: String?
    /// The keys of the object, or of each object of the list.
    var members: [SettingDescription] = []
    var isList = false

    /// Whether the environment sets this key or one inside its object.
    func isNamed(in environment: [String: String]) -> Bool {
        variable.map { environment[$0]?.isEmpty == false } == true
            || members.contains { $0.isNamed(in: environment) }
    }

    var withoutVariables: SettingDescription {
        var description = self
        description.variable = nil
        description.members = members.map(\.withoutVariables)
        return description
    }
}
