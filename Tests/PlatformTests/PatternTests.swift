import Testing

@testable import Platform

@Suite("A pattern")
struct PatternTests {
    @Test(
        "matches only whole texts",
        arguments: [("ab", true), ("abb", true), ("xab", false), ("abc", false), ("", false)])
    func matchesWhole(_ text: String, _ expected: Bool) {
        #expect(Pattern("ab+").matches(text) == expected)
    }

    @Test("matches one of several alternatives as a whole")
    func matchesAlternatives() {
        let pattern = Pattern("a|bc|0[xX][0-9]{2}")
        #expect(["a", "bc", "0x42"].allSatisfy(pattern.matches))
        #expect(!["abc", "b", "0x4", "a\n"].contains(where: pattern.matches))
    }

    @Test("sees a zero byte and what follows it")
    func seesZeroBytes() {
        #expect(!Pattern("[0-9]+").matches("12\0"))
        #expect(!Pattern("[0-9]+").matches("12\0x"))
    }

    @Test("matches an empty text if the expression does")
    func matchesEmptyTexts() {
        #expect(Pattern("a*").matches(""))
    }
}
