/// One HTTP request to the simulated account.
package struct CloudMessage: Sendable, Equatable {
    package var method: String
    /// Without the query.
    package var path: String
    package var query: [String: String]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    /// How many bytes a request may have.
    static let limit = 64 << 10

    /// Takes a whole request from the front of `buffer`; `nil` while it is not whole.
    static func take(from buffer: inout [UInt8]) -> CloudMessage? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = min(headers["content-length"].flatMap { Int($0) } ?? 0, Self.limit)
        guard length >= 0, buffer.count - end.upperBound >= length else { return nil }
        let target = words[1].split(separator: "?", maxSplits: 1)
        var query: [String: String] = [:]
        for item in (target.count > 1 ? target[1] : "").split(separator: "&") {
            let pair = item.split(separator: "=", maxSplits: 1)
            query[String(pair.first ?? "")] = pair.count > 1 ? String(pair[1]) : ""
        }
        let body = Array(buffer[end.upperBound..<end.upperBound + length])
        buffer.removeFirst(end.upperBound + length)
        return CloudMessage(
            method: String(words[0]), path: String(target.first ?? "/"), query: query, headers: headers, body: body)
    }

    /// A text of the JSON object in the body.
    func member(_ name: String) -> String {
        JSONSlice(body).member(name)?.text ?? ""
    }

    /// A cookie that came along.
    func cookie(_ name: String) -> String? {
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
        }
        return nil
    }
}
