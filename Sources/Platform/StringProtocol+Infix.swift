// The standard library has `hasPrefix` and `hasSuffix`. Its search for a text inside of another is in the module of its
// regular expressions, which would make the program a megabyte larger.
extension StringProtocol {
    /// The first occurrence of `text`, byte by byte; `nil` if the text does not contain it, or if `text` is empty.
    package func firstOccurrence(of text: String) -> Range<Index>? {
        let text = text.utf8
        guard let first = text.first else { return nil }
        var start = startIndex
        while let next = utf8[start...].firstIndex(of: first) {
            if utf8[next...].starts(with: text) { return next..<utf8.index(next, offsetBy: text.count) }
            start = utf8.index(after: next)
        }
        return nil
    }

    /// Whether the text contains `text`.
    package func hasInfix(_ text: String) -> Bool { firstOccurrence(of: text) != nil }
}
