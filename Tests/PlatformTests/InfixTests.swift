import Testing

@testable import Platform

@Suite("A search in a text")
struct InfixTests {
    @Test(arguments: [("abab", "ab", 0), ("aab", "ab", 1), ("a. b. c", ". ", 1), ("\u{E9}x", "x", 2), ("ab", "ab", 0)])
    func `finds the first occurrence`(text: String, part: String, offset: Int) throws {
        let range = try #require(text.firstOccurrence(of: part))
        #expect(text.utf8.distance(from: text.startIndex, to: range.lowerBound) == offset)
        #expect(text[range] == part)
    }

    @Test(arguments: [("", "a"), ("abc", "abcd"), ("abc", "ac"), ("abc", "")])
    func `finds nothing else`(text: String, part: String) {
        #expect(!text.hasInfix(part))
    }
}
