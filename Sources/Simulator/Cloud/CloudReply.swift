/// An answer of the simulated account, or what it does instead.
struct CloudReply: Sendable, Equatable {
    enum Manner: Sendable, Equatable {
        case whole
        /// Sends nothing, and leaves the connection open.
        case mute
        /// Closes the connection.
        case cut
        /// Sends byte by byte.
        case drip
        /// Never stops sending.
        case flood
    }

    let status: Int
    let headers: [(name: String, value: String)]
    let type: String
    let body: String
    let manner: Manner

    static func == (left: CloudReply, right: CloudReply) -> Bool {
        left.bytes == right.bytes && left.manner == right.manner
    }

    init(
        _ body: String = "", status: Int = 200, headers: [(name: String, value: String)] = [],
        type: String = "application/json; charset=utf-8", manner: Manner = .whole
    ) {
        self.status = status
        self.headers = headers
        self.type = type
        self.body = body
        self.manner = manner
    }

    /// An error in the interface's own form.
    init(_ status: Int, code: Int, error: String, headers: [(name: String, value: String)] = []) {
        self.init(#"{"message":"","code":\#(code),"error":"\#(error)"}"#, status: status, headers: headers)
    }

    /// The bytes on the wire.
    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) \(status == 200 ? "OK" : "Because")\r\nContent-Type: \(type)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let length = manner == .flood ? 1 << 30 : body.utf8.count
        return Array((head + "Content-Length: \(length)\r\n\r\n" + body).utf8)
    }

    /// The answer of a fault to every request.
    init(_ fault: AccountFault, secret: String) {
        switch fault {
        case .refused: self.init(401, code: 4, error: "Please login.")
        case .unauthorized: self.init(status: 401)
        case .forbidden: self.init(403, code: 8, error: "not permitted")
        case .teapot: self.init(status: 418)
        case .limited: self.init(429, code: 429, error: "slow down", headers: [("Retry-After", "120")])
        case .error: self.init(500, code: 500, error: "internal error of \(secret)")
        case .unavailable: self.init(status: 503, headers: [("CF-RAY", "0123456789abcdef-SIM")])
        case .cloudflare:
            let page = "<!DOCTYPE html><html><title>Just a moment...</title>Cloudflare</html>"
            self.init(page, status: 403, type: "text/html; charset=UTF-8")
        case .page: self.init("<html><body>Sorry, \(secret)</body></html>", type: "text/html")
        case .failed: self.init(#"{"message":"","code":17,"error":"cannot serve \#(secret)"}"#)
        case .broken: self.init(#"{"message":"success","devices":[{"dev_id":"0"#)
        case .misshapen: self.init(#"{"message":"success","devices":{"\#(secret)":7},"hits":7,"uid":[]}"#)
        case .flood: self.init(#"{"message":""#, manner: .flood)
        case .drip: self.init(#"{"message":"success","devices":[]}"#, manner: .drip)
        case .hang: self.init(manner: .mute)
        case .cut: self.init(manner: .cut)
        case .redirect: self.init(status: 302, headers: [("Location", "http://127.0.0.2:1/stolen")])
        }
    }
}
