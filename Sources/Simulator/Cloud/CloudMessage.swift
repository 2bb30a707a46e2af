package import HTTP

/// An HTTP request to the simulated account.
package struct CloudMessage: Sendable, Equatable {
    package var method: Request.Method
    /// The path without the query.
    package var path: String
    package var query: [String: String]
    /// The header fields, with names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]

    /// Returns a string member of the JSON object in the body; "" if it is absent.
    func member(_ name: String) -> String {
        JSONSlice(body).member(name)?.text ?? ""
    }

    /// Returns the value of a cookie; `nil` if it is absent.
    func cookie(_ name: String) -> String? {
        let pairs = (headers["cookie"] ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
        return pairs.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
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
