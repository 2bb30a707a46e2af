/// What Foundation's decoder does not tell of a JSON5 text: the line of every key, keys that are given twice, and where
/// the syntax breaks.
///
/// It follows the structure alone, and reads escapes in keys, where they could hide a key that is given twice. What it says of an error
/// has one character of the text in it at the most: where the syntax breaks, anything may be a piece of a secret.
struct JSON5Outline {
    struct SyntaxError: Error, Equatable {
        let line: Int
        let message: String
    }

    /// The line of every key and element, by path.
    private(set) var lines: [String: Int] = [:]
    /// The paths that are given twice, with the line of the second time.
    private(set) var duplicates: [(path: String, line: Int)] = []

    /// Keys and values without structure, each with its line, in the order of the text.
    private(set) var tokens: [(line: Int, text: String, isKey: Bool)] = []

    /// The text without a byte order mark, which the decoder does not take.
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
        guard next == nil else { throw error("something follows the end of the configuration") }
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

    /// What the decoder takes for space: JSON5 has more.
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
                guard let scalar = next else { throw SyntaxError(line: start, message: "this comment does not end") }
                advance()
                if scalar == "*", next == "/" { break }
            }
            advance()
        default: throw error("a / begins a comment only as // or /*")
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
        guard depth <= 32 else { throw error("the configuration is nested too deeply") }
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
            throw SyntaxError(line: start, message: "this string does not end")
        }
        advance()
        return String(decoding: contents, as: UTF16.self)
    }

    /// Reads what follows a backslash, in UTF-16: an escaped character may be half of one. The decoder finds those that
    /// are wrong.
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

    /// A number, or one of the words that JSON5 has.
    private mutating func readWord() throws(SyntaxError) {
        var word = ""
        while let scalar = next, !Self.isSpace(scalar), !",]}:/\"'{[".unicodeScalars.contains(scalar) {
            word.unicodeScalars.append(scalar)
            advance()
        }
        guard ["true", "false", "null"].contains(word) || JSON5Number.isOne(word) else {
            throw error(
                "expected a value, found \(word.isEmpty ? found() : "a word without quotes; texts stand in quotes")")
        }
    }
}
