/// A response. The server adds `Content-Length` and `Connection`; clients share the body without copies.
package struct Response: Sendable {
    package let status: Status
    /// Header fields in addition to those that the server writes.
    package let headers: Headers
    /// The media type of the body, such as `text/plain; charset=utf-8`.
    package let contentType: String
    /// The body. For `HEAD` only its length is sent.
    package let body: [UInt8]

    /// Creates a response with the media type `type`. Fields in `headers` that frame the body are ignored.
    package init(_ status: Status = .ok, type: String, headers: Headers = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        contentType = type
        self.body = body
    }

    package init(_ status: Status, text: String, headers: Headers = [:]) {
        self.init(status, type: "text/plain; charset=utf-8", headers: headers, body: Array(text.utf8))
    }

    /// The status line and the header fields, with the empty line at the end.
    ///
    /// - Parameters:
    ///   - connection: The value of the `Connection` field; `nil` if it is not sent.
    ///   - more: Fields of every response. A field of the response itself replaces one with the same name.
    func head(connection: String?, _ more: Headers = [:]) -> [UInt8] {
        let own = headers.fields + more.fields.filter { headers[$0.name] == nil }
        var framing: Headers = ["Content-Type": contentType, "Content-Length": String(body.count)]
        if let connection { framing.append("Connection", connection) }
        let fields = framing.fields + own.filter { !Self.isFraming($0.name) }
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status.code) \(status.phrase)\r\n\(lines)\r\n".utf8)
    }

    /// Whether only the server may write the field: a second one could end the body at another place.
    private static func isFraming(_ name: String) -> Bool {
        ["content-type", "content-length", "connection", "transfer-encoding"].contains(name.utf8.lowercasedASCIIText)
    }
}
