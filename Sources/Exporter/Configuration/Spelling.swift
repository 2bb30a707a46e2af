/// Finds what somebody may have meant.
enum Spelling {
    /// `; did you mean "x"?` for the nearest of the candidates, or "" where none is near.
    static func suggestion(for word: String, among candidates: [String]) -> String {
        let distances = candidates.map { ($0, distance(word, $0)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(1, min(word.count, best.0.count) / 2) else {
            return candidates.isEmpty ? "" : "; known here: \(candidates.joined(separator: ", "))"
        }
        return "; did you mean \"\(best.0)\"?"
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
