/// Parses what Foundation's decoder does not report: the line of every key, duplicate keys and syntax errors.
///
/// It parses the structure only. It decodes escapes in keys, since they could hide a duplicate key. An error shows at
/// most one character of the text: near a syntax error, any text may be part of a secret.
struct JSON5Outline {
    struct SyntaxError: Error, Equatable {
        let line: Int
        let message: String
    }

    /// The line of every key and element, by path.
    private(set) var lines: [String: Int] = [:]
    /// The duplicate paths, with the line of the second occurrence.
    private(set) var duplicates: [(path: String, line: Int)] = []

    /// Keys and scalar values with their lines, in the order of the text.
    private(set) var tokens: [(line: Int, text: String, isKey: Bool)] = []

    /// The text without a byte order mark, which the decoder rejects.
    let source: String
    private let text: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var depth = 0

    init(_ text: String) throws(SyntaxError) {
        source = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        self.text = Array(source.unicodeScalars)
        try skipSpace()
        try readValue(at: "")
        try skipSpace()
        guard next == nil else { throw error("unexpected text after the end of the configuration") }
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private func error(_ message: String) -> SyntaxError { SyntaxError(line: line, message: message) }

    private func found() -> String {
        guard let next else { return "the end of the file" }
        guard next.isASCII || next.properties.isAlphabetic else {
            return "the character U+" + String(next.value, radix: 16, uppercase: true)
        }
        return "\"\(next)\""
    }

    private mutating func advance() {
        if next == "\n" { line += 1 }
        position += 1
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

    /// The whitespace that the decoder accepts; JSON5 allows more.
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

    private mutating func readValue(at path: String) throws(SyntaxError) {
        lines[path] = line
        switch next {
        case "{": try readObject(at: path)
        case "[": try readArray(at: path)
        case "\"", "'": try readToken(isKey: false) { outline throws(SyntaxError) in _ = try outline.readString() }
        default: try readToken(isKey: false) { outline throws(SyntaxError) in try outline.readWord() }
        }
    }

    private mutating func readToken<Value>(
        isKey: Bool, _ read: (inout Self) throws(SyntaxError) -> Value
    ) throws(SyntaxError) -> Value {
        let (start, startLine) = (position, line)
        let value = try read(&self)
        var token = ""
        token.unicodeScalars.append(contentsOf: text[start..<min(position, text.count)])
        tokens.append((startLine, token, isKey))
        return value
    }

    private mutating func enter() throws(SyntaxError) {
        depth += 1
        guard depth <= 32 else { throw error("the configuration is nested more than 32 levels deep") }
        advance()
        try skipSpace()
    }

    private mutating func readObject(at path: String) throws(SyntaxError) {
        try enter()
        var keys: Set<String> = []
        while next != "}" {
            let start = line
            let key = try readToken(isKey: true) { outline throws(SyntaxError) in try outline.readKey() }
            let inner = path.isEmpty ? key : "\(path).\(key)"
            if !keys.insert(key).inserted { duplicates.append((inner, start)) }
            try skipSpace()
            guard next == ":" else { throw error("expected a : after the key, found \(found())") }
            advance()
            try skipSpace()
            try readValue(at: inner)
            lines[inner] = start
            try endMember(close: "}")
        }
        advance()
        depth -= 1
    }

    private mutating func readArray(at path: String) throws(SyntaxError) {
        try enter()
        var index = 0
        while next != "]" {
            try readValue(at: "\(path)[\(index)]")
            index += 1
            try endMember(close: "]")
        }
        advance()
        depth -= 1
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
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_$".unicodeScalars.contains(scalar)
        {
            name.unicodeScalars.append(scalar)
            advance()
        }
        return name
    }

    private mutating func readString() throws(SyntaxError) -> String {
        let quote = next
        let start = line
        advance()
        var contents: [UInt16] = []
        var hasEscapes = false
        while let scalar = next, scalar != quote {
            advance()
            if scalar == "\n" { break }
            if scalar == "\\" {
                hasEscapes = true
                contents += readEscape()
            } else {
                contents += String(scalar).utf16
            }
        }
        guard next == quote, line == start || hasEscapes else {
            throw SyntaxError(line: start, message: "this string is not closed")
        }
        advance()
        return String(decoding: contents, as: UTF16.self)
    }

    /// Reads the characters after a backslash, as UTF-16: an escape may be half of a character.
    ///
    /// The decoder rejects invalid escapes.
    private mutating func readEscape() -> [UInt16] {
        guard let scalar = next else { return [] }
        // An escaped character does not end the string, not even a line feed.
        advance()
        switch scalar {
        case "\n": return []
        case "b": return [8]
        case "f": return [12]
        case "n": return [10]
        case "r": return [13]
        case "t": return [9]
        case "v": return [11]
        case "0": return [0]
        case "u": return readDigits(4)
        case "x": return readDigits(2)
        default: return Array(String(scalar).utf16)
        }
    }

    private mutating func readDigits(_ count: Int) -> [UInt16] {
        let digits = String(String.UnicodeScalarView(text[position..<min(position + count, text.count)]))
        guard digits.utf8.count == count, let unit = UInt16(digits, radix: 16), !digits.hasPrefix("+") else {
            return []
        }
        position += count
        return [unit]
    }

    /// Reads a number or a keyword of JSON5.
    private mutating func readWord() throws(SyntaxError) {
        var word = ""
        while let scalar = next, !Self.isSpace(scalar), !",]}:/\"'{[".unicodeScalars.contains(scalar) {
            word.unicodeScalars.append(scalar)
            advance()
        }
        guard ["true", "false", "null"].contains(word) || JSON5Number.isNumber(word) else {
            throw error(
                "expected a value, found \(word.isEmpty ? found() : "a word without quotes. Strings need quotes")")
        }
    }
}
