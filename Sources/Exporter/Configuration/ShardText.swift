/// Parses the shard settings of flags and variables.
enum ShardText {
    /// Parses an index, or a name that ends in one, such as the pod name `exporter-3` of a StatefulSet.
    static func index(of text: String) -> Int? {
        text.split(separator: "-").last.flatMap { Int($0) }
    }

    static func count(of text: String) -> Int? {
        Int(text).flatMap { (1...100_000).contains($0) ? $0 : nil }
    }

    static func badIndex(_ text: String) -> String {
        "expected a whole number or a name that ends in one, found \"\(text)\""
    }

    static func badCount(_ text: String) -> String {
        "expected a whole number from 1 to 100000, found \"\(text)\""
    }
}
