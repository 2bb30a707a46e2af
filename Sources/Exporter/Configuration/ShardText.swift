/// How a flag or a variable names a shard.
enum ShardText {
    /// The number that `text` is or ends in, as the name of a StatefulSet's pod does: `exporter-3`.
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
