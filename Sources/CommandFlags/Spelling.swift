/// Finds the word that was meant by a misspelled one.
package enum Spelling {
    /// `; did you mean "x"?` for the nearest of the candidates, or "" where none is near.
    package static func suggestion(for word: String, among candidates: [String]) -> String {
        if let nearest = nearest(to: word, among: candidates) { return "; did you mean \"\(nearest)\"?" }
        return candidates.isEmpty ? "" : "; known here: \(candidates.joined(separator: ", "))"
    }

    /// The candidate that differs least, when no more than half of it differs.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let distances = candidates.map { ($0, distance(word, $0)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(word.count, best.0.count) / 2) else {
            return nil
        }
        return best.0
    }

    /// How many characters have to be put in, taken out or replaced to make one word the other.
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
