/// Finds the word that a misspelled one was probably meant to be.
package enum Spelling {
    /// A suggestion such as `; did you mean "x"?`, or the list of candidates if none is similar; empty without
    /// candidates.
    package static func suggestion(for word: String, among candidates: [String]) -> String {
        if let nearest = nearest(to: word, among: candidates) { return "; did you mean \"\(nearest)\"?" }
        return candidates.isEmpty ? "" : "; known here: \(candidates.joined(separator: ", "))"
    }

    /// The most similar candidate; `nil` if more than half of its characters differ.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let distances = candidates.map { ($0, distance(word, $0)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(word.count, best.0.count) / 2) else {
            return nil
        }
        return best.0
    }

    /// The number of insertions, deletions and replacements that turn one word into the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
