extension CloudResponse {
    /// - Parameter lines: The header lines as received. The last field of a name wins.
    init(status: Int, lines: String, body: [UInt8]) {
        var headers: [String: String] = [:]
        var cookies: [String: String] = [:]
        for line in lines.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = Self.trimmed(line[line.index(after: colon)...])
            headers[name] = value
            guard name == "set-cookie" else { continue }
            // `name=value; Path=/; …`. Source: RFC 6265, section 5.2.
            let pair = value.prefix { $0 != ";" }
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else { continue }
            cookies[Self.trimmed(pair[..<equals])] = Self.trimmed(pair[pair.index(after: equals)...])
        }
        self.init(status: status, headers: headers, cookies: cookies, body: body)
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }
}
