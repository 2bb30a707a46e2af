package import HTTP

/// One HTTP request to the simulated account.
package struct CloudMessage: Sendable, Equatable {
    package var method: Request.Method
    /// Without the query.
    package var path: String
    package var query: [String: String]
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    /// A text of the JSON object in the body.
    func member(_ name: String) -> String {
        JSONSlice(body).member(name)?.text ?? ""
    }

    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for pair in (headers["cookie"] ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].drop(while: { $0 == " " }) == name { return String(parts[1]) }
        }
        return nil
    }
}

extension CloudMessage {
    init(_ request: Request, body: [UInt8]) {
        method = request.method
        path = request.path
        query = Dictionary(request.target.queryItems.map { ($0.name, $0.value) }) { $1 }
        headers = Dictionary(request.headers.fields.map { ($0.name.lowercased(), $0.value) }) { $1 }
        self.body = body
    }
}
