/// A media type that the server offers, such as `text/plain; version=0.0.4`.
package struct MediaType: Sendable, Equatable {
    /// Type and subtype in lower case, such as `text/plain`.
    package let name: String
    /// The parameters that an `Accept` item must not contradict; names in lower case.
    package let parameters: [AcceptList.Parameter]

    /// Whether an item without a version matches this type.
    private let isDefaultVersion: Bool

    /// Creates a media type; `name` and the names of `parameters` must be lower case.
    package init(_ name: String, parameters: KeyValuePairs<String, String> = [:], isDefaultVersion: Bool = false) {
        self.name = name
        self.isDefaultVersion = isDefaultVersion
        self.parameters = parameters.map { AcceptList.Parameter(name: $0.key, value: $0.value) }
    }

    /// The specificity of the match between `item` and this type, from 0 for `*/*`; `nil` if they do not match.
    func specificity(to item: AcceptList.Item) -> Int? {
        if item.name == "*/*" { return 0 }
        if item.name.hasSuffix("/*") { return name.hasPrefix(item.name.dropLast()) ? 1 : nil }
        guard item.name == name else { return nil }
        var shared = 0
        for parameter in parameters {
            guard let wanted = item.parameters.first(where: { $0.name == parameter.name }) else {
                // A different version is a different format.
                if parameter.name == "version", !isDefaultVersion { return nil }
                continue
            }
            guard wanted.value == parameter.value else { return nil }
            shared += 1
        }
        return 2 + shared
    }
}
