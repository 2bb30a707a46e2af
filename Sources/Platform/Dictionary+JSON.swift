extension [String: String] {
    /// A JSON object with these members, sorted by key.
    package var json: String {
        "{" + sorted { $0.key < $1.key }.map { "\($0.key.quoted):\($0.value.quoted)" }.joined(separator: ",") + "}"
    }
}
