/// Parses JSON5 numbers. Source: JSON5 1.0.0, section 6.
enum JSON5Number {
    /// The value of a number; `nil` if `word` is not one.
    static func value(of word: String) -> Double? { isNumber(word) ? Double(word) : nil }

    private static func isNumber(_ word: String) -> Bool {
        var rest = Substring(word)
        take(oneOf: "+-", from: &rest)
        if rest == "Infinity" || rest == "NaN" { return true }
        if rest.hasPrefix("0x") || rest.hasPrefix("0X") {
            return rest.count > 2 && rest.dropFirst(2).allSatisfy { $0.isASCII && $0.isHexDigit }
        }
        let whole = takeDigits(from: &rest)
        let hasPoint = take(oneOf: ".", from: &rest)
        let fraction = hasPoint ? takeDigits(from: &rest) : ""
        guard !whole.isEmpty || !fraction.isEmpty, whole.count < 2 || whole.first != "0" else { return false }
        guard take(oneOf: "eE", from: &rest) else { return rest.isEmpty }
        take(oneOf: "+-", from: &rest)
        return !takeDigits(from: &rest).isEmpty && rest.isEmpty
    }

    @discardableResult
    private static func take(oneOf characters: String, from rest: inout Substring) -> Bool {
        guard let first = rest.first, characters.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    private static func takeDigits(from rest: inout Substring) -> Substring {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return digits
    }
}
