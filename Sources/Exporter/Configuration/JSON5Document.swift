import Platform

/// A parsed JSON5 text: its value, the line of every key, and duplicate keys. Source: JSON5 1.0.0.
///
/// An error shows at most one character of the text: near a syntax error, any text may be part of a secret.
struct JSON5Document {
    struct SyntaxError: Error, Equatable {
        let line: Int
        let message: String
    }

    private(set) var root = ConfigurationValue.null
    /// The line of every key and element, by path.
    private(set) var lines: [String: Int] = [:]
    /// The duplicate paths, with the line of the second occurrence.
    private(set) var duplicates: [(path: String, line: Int)] = []

    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var depth = 0

    init(_ text: String) throws(SyntaxError) {
        // A byte order mark may precede the text.
        rest = text.unicodeScalars[...]
        if next == "\u{FEFF}" { rest.removeFirst() }
        try skipSpace()
        root = try readValue(at: "")
        try skipSpace()
        guard next == nil else { throw error("unexpected text after the end of the configuration") }
    }

    private var next: Unicode.Scalar? { rest.first }

    private func error(_ message: String) -> SyntaxError { SyntaxError(line: line, message: message) }

    private func found() -> String {
        guard let next else { return "the end of the file" }
        guard next.isASCII || next.properties.isAlphabetic else {
            return "the character U+" + String(next.value, radix: 16, uppercase: true)
        }
        return "\"\(next)\""
    }

    private mutating func advance() {
        if rest.popFirst() == "\n" { line += 1 }
    }

    private mutating func skipSpace() throws(SyntaxError) {
        while let scalar = next {
            if scalar == "/" {
                try skipComment()
            } else if Self.isSpace(scalar) {
                advance()
            } else {
                return
            }
        }
    }

    /// ASCII whitespace; JSON5 allows more.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        " \t\n\r\u{B}\u{C}".unicodeScalars.contains(scalar)
    }

    private mutating func skipComment() throws(SyntaxError) {
        let start = line
        advance()
        switch next {
        case "/": while let scalar = next, scalar != "\n" { advance() }
        case "*":
            advance()
            while true {
                guard let scalar = next else { throw SyntaxError(line: start, message: "this comment is not closed") }
                advance()
                if scalar == "*", next == "/" { break }
            }
            advance()
        default: throw error("unexpected /. Comments start with // or /*")
        }
    }

    private mutating func readValue(at path: String) throws(SyntaxError) -> ConfigurationValue {
        lines[path] = line
        return switch next {
        case "{": .object(try readObject(at: path))
        case "[": .array(try readArray(at: path))
        case "\"", "'": .text(try readString())
        default: try readWord()
        }
    }

    private mutating func enter() throws(SyntaxError) {
        depth += 1
        guard depth <= 32 else { throw error("the configuration is nested more than 32 levels deep") }
        advance()
        try skipSpace()
    }

    private mutating func readObject(at path: String) throws(SyntaxError) -> [String: ConfigurationValue] {
        try enter()
        var members: [String: ConfigurationValue] = [:]
        while next != "}" {
            let start = line
            let key = try readKey()
            let inner = path.isEmpty ? key : "\(path).\(key)"
            if members[key] != nil { duplicates.append((inner, start)) }
            try skipSpace()
            guard next == ":" else { throw error("expected a : after the key, found \(found())") }
            advance()
            try skipSpace()
            members[key] = try readValue(at: inner)
            lines[inner] = start
            try endMember(close: "}")
        }
        advance()
        depth -= 1
        return members
    }

    private mutating func readArray(at path: String) throws(SyntaxError) -> [ConfigurationValue] {
        try enter()
        var elements: [ConfigurationValue] = []
        while next != "]" {
            elements.append(try readValue(at: "\(path)[\(elements.count)]"))
            try endMember(close: "]")
        }
        advance()
        depth -= 1
        return elements
    }

    private mutating func endMember(close: Unicode.Scalar) throws(SyntaxError) {
        try skipSpace()
        if next == "," {
            advance()
            try skipSpace()
        } else if next != close {
            throw error("expected a , or \(close), found \(found())")
        }
    }

    private mutating func readKey() throws(SyntaxError) -> String {
        if next == "\"" || next == "'" { return try readString() }
        let key = readName()
        guard !key.isEmpty else { throw error("expected a key, found \(found())") }
        return key
    }

    private mutating func readName() -> String {
        var name = ""
        while let scalar = next,
            scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                || "_$".unicodeScalars.contains(scalar),
            !name.isEmpty || !("0"..."9").contains(scalar)
        {
            name.unicodeScalars.append(scalar)
            advance()
        }
        return name
    }

    private mutating func readString() throws(SyntaxError) -> String {
        let (quote, start) = (next, line)
        let invalid = SyntaxError(line: start, message: "this string contains an invalid escape or character")
        advance()
        var units: [UInt16] = []
        while next != quote {
            guard let scalar = next, scalar != "\n" else {
                throw SyntaxError(line: start, message: "this string is not closed")
            }
            advance()
            guard scalar.value >= 0x20 else { throw invalid }
            if scalar == "\\" {
                guard let escaped = readEscape() else { throw invalid }
                units += escaped
            } else {
                units += String(scalar).utf16
            }
        }
        advance()
        guard let string = String(validating: units, as: UTF16.self) else { throw invalid }
        return string
    }

    /// Reads the characters after a backslash, as UTF-16: an escape may be half of a character. Returns `nil` if they
    /// are invalid.
    private mutating func readEscape() -> [UInt16]? {
        guard let scalar = next else { return [] }
        advance()
        switch scalar {
        case "b": return [8]
        case "f": return [12]
        case "n": return [10]
        case "r": return [13]
        case "t": return [9]
        case "u": return readDigits(4)
        case "x": return readDigits(2)
        // A line end stays in the string; in JSON5 1.0.0 it would be removed.
        case "\"", "'", "\\", "/", "\n", "\r": return Array(String(scalar).utf16)
        default: return nil
        }
    }

    private mutating func readDigits(_ count: Int) -> [UInt16]? {
        let digits = String(rest.prefix(count))
        guard digits.utf8.count == count, let unit = UInt16(digits, radix: 16), !digits.hasPrefix("+") else {
            return nil
        }
        rest = rest.dropFirst(count)
        return [unit]
    }

    /// Reads a number or a keyword of JSON5.
    private mutating func readWord() throws(SyntaxError) -> ConfigurationValue {
        var word = ""
        while let scalar = next, !Self.isSpace(scalar), !",]}:/\"'{[".unicodeScalars.contains(scalar) {
            word.unicodeScalars.append(scalar)
            advance()
        }
        switch word {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        default:
            if Self.numeral.matches(word), let number = Double(word) { return .number(number) }
            throw error(
                "expected a value, found \(word.isEmpty ? found() : "a word without quotes. Strings need quotes")")
        }
    }

    /// A number of JSON5, section 6.
    private static let numeral = Pattern(
        "[+-]?(Infinity|NaN|0[xX][0-9A-Fa-f]+|((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?)")
}
