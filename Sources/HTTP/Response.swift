/// An answer. The server adds `Content-Length` and `Connection`; the body is shared, never copied per client.
package struct Response: Sendable {
    /// The status of its first line.
    package let status: Status
    /// The fields beside the ones that the server writes.
    package let headers: Headers
    /// The media type of the body, such as `text/plain; charset=utf-8`.
    package let contentType: String
    /// What `GET` gets; for `HEAD` it is measured and not sent.
    package let body: [UInt8]

    /// An answer of the media type `type`. Fields in `headers` that frame the body are left out.
    package init(_ status: Status = .ok, type: String, headers: Headers = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        contentType = type
        self.body = body
    }

    /// An answer in plain text.
    package init(_ status: Status, text: String, headers: Headers = [:]) {
        self.init(status, type: "text/plain; charset=utf-8", headers: headers, body: Array(text.utf8))
    }

    /// How the server words the fate of the connection.
    enum Fate {
        case close
        /// HTTP/1.0 closes unless told otherwise.
        case keepAliveOfHTTP10
        case keepAlive
    }

    /// Everything in front of the body, the empty line included.
    ///
    /// - Parameter more: fields for every answer; the response's own of that name come first and alone.
    func head(_ fate: Fate, _ more: Headers = [:]) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(256)
        head.append(contentsOf: "HTTP/1.1 \(status.rawValue) ".utf8)
        head.append(contentsOf: status.phrase.utf8)
        head.append(contentsOf: "\r\n".utf8)
        let own = headers.fields + more.fields.filter { headers[$0.name] == nil }
        for field in framing(fate).fields + own.filter({ !Self.isFraming($0.name) }) {
            head.append(contentsOf: field.name.utf8)
            head.append(contentsOf: ": ".utf8)
            head.append(contentsOf: field.value.utf8)
            head.append(contentsOf: "\r\n".utf8)
        }
        head.append(contentsOf: "\r\n".utf8)
        return head
    }

    private func framing(_ fate: Fate) -> Headers {
        var fields: Headers = ["Content-Type": contentType, "Content-Length": String(body.count)]
        switch fate {
        case .close: fields.append("Connection", "close")
        case .keepAliveOfHTTP10: fields.append("Connection", "keep-alive")
        case .keepAlive: break
        }
        return fields
    }

    /// Whether the server alone may write the field: two of them would end a body in two places.
    private static func isFraming(_ name: String) -> Bool {
        ["content-type", "content-length", "connection", "transfer-encoding"].contains(name.utf8.lowercasedASCIIText)
    }
}
