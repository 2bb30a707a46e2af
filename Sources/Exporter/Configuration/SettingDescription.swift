/// What the reference says of a key.
struct SettingDescription: Sendable {
    let key: String
    /// The accepted values.
    let takes: String
    /// The default as the file would write it; "" if there is none, or if it takes words, which are in `help`.
    var fallback = ""
    let help: String
    /// The environment variable that overrules the file.
    var variable: String?
    /// The keys of the object, or of each object of the list.
    var members: [SettingDescription] = []
    var isList = false

    /// Whether the environment has a variable of this key, or of one within it.
    func isNamed(in environment: [String: String]) -> Bool {
        variable.map { environment[$0]?.isEmpty == false } == true
            || members.contains { $0.isNamed(in: environment) }
    }

    /// The same key where the environment does not override it.
    var withoutVariables: SettingDescription {
        var description = self
        description.variable = nil
        description.members = members.map(\.withoutVariables)
        return description
    }
}
