/// A response of an RTSP server. Source: RFC 2326, 7.
package struct RTSPResponse: Sendable, Equatable {
    package let status: Int
    /// The values of each header field in order; names in lower case.
    let headers: [String: [String]]
    package internal(set) var body: [UInt8] = []

    /// - Parameter name: The name in lower case.
    package func values(of name: String) -> [String] { headers[name] ?? [] }

    /// Parses the head of a response; `nil` if it is invalid. `length` is the length of the body.
    static func head(_ text: String) -> (response: RTSPResponse, length: Int)? {
        // Either line end is a single `Character`; "\r\n" is one too.
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }[...]
        guard let words = lines.popFirst()?.split(separator: " ", maxSplits: 2), words.count >= 2,
            words[0].hasPrefix("RTSP/"), words[1].count == 3, let status = Int(words[1]), status >= 100
        else { return nil }
        var headers: [String: [String]] = [:]
        for line in lines where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers[line[..<colon].lowercased(), default: []].append(String(value))
        }
        let response = RTSPResponse(status: status, headers: headers)
        guard let length = response.values(of: "content-length").first else { return (response, 0) }
        return Int(length).flatMap { $0 >= 0 ? (response, $0) : nil }
    }
}
