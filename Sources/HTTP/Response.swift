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

    /// Whether the connection stays open, and how the `Connection` field expresses it.
    enum Persistence {
        case close
        /// HTTP/1.0 closes by default, so the field must be sent.
        case keepAliveOfHTTP10
        case keepAlive
    }

    /// The status line and the header fields, with the empty line at the end.
    ///
    /// - Parameter more: Fields of every response. A field of the response itself replaces one with the same name.
    func head(_ persistence: Persistence, _ more: Headers = [:]) -> [UInt8] {
        let own = headers.fields + more.fields.filter { headers[$0.name] == nil }
        let fields = framing(persistence).fields + own.filter { !Self.isFraming($0.name) }
        let lines = fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status.code) \(status.phrase)\r\n\(lines)\r\n".utf8)
    }

    private func framing(_ persistence: Persistence) -> Headers {
        var fields: Headers = ["Content-Type": contentType, "Content-Length": String(body.count)]
        switch persistence {
        case .close: fields.append("Connection", "close")
        case .keepAliveOfHTTP10: fields.append("Connection", "keep-alive")
        case .keepAlive: break
        }
        return fields
    }

    /// Whether only the server may write the field: a second one could end the body at another place.
    private static func isFraming(_ name: String) -> Bool {
        ["content-type", "content-length", "connection", "transfer-encoding"].contains(name.utf8.lowercasedASCIIText)
    }
}
