/// Formats text for a terminal, at most 100 columns wide.
enum Columns {
    private static let width = 100

    /// One entry per line, a term and its meaning, with the meanings aligned in a column.
    static func text(of entries: [(term: String, meaning: String)]) -> String {
        let margin = (entries.map(\.term.count).max() ?? 0) + 4
        let indent = String(repeating: " ", count: margin)
        return entries.map { term, meaning in
            "  " + term + String(repeating: " ", count: margin - 2 - term.count)
                + lines(of: meaning, width: max(40, width - margin)).joined(separator: "\n" + indent)
        }.joined(separator: "\n")
    }

    static func paragraph(_ text: String) -> String {
        lines(of: text, width: width).joined(separator: "\n")
    }

    private static func lines(of text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if let last = lines.last, !last.isEmpty, last.count + 1 + word.count > width { lines.append("") }
            let last = lines.count - 1
            lines[last] += lines[last].isEmpty ? String(word) : " \(word)"
        }
        return lines
    }
}
