/// A response of the simulated account, or the fault that replaces it.
struct CloudReply: Sendable {
    enum Delivery: Sendable {
        case whole, cut, drip, flood
        /// Sends nothing, and keeps the connection open.
        case mute
    }

    var body: JSONText = ""
    var status = 200
    var headers: [(name: String, value: String)] = []
    var type = "application/json; charset=utf-8"
    var delivery = Delivery.whole

    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) \(status == 200 ? "OK" : "Because")\r\nContent-Type: \(type)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let length = delivery == .flood ? 1 << 30 : body.bytes.count
        return Array("\(head)Content-Length: \(length)\r\n\r\n\(body)".utf8)
    }
}

extension CloudReply {
    /// Creates an error in the format of the REST API.
    init(_ status: Int, code: Int, error: String, headers: [(name: String, value: String)] = []) {
        self.init(body: #"{"message":"","code":\#(code),"error":\#(error)}"#, status: status, headers: headers)
    }

    init(success members: JSONText) {
        self.init(body: #"{"message":"success","code":null,"error":null,\#(members)}"#)
    }

    /// Creates the response of a fault to every request.
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
            let page: JSONText = "<!DOCTYPE html><html><title>Just a moment...</title>Cloudflare</html>"
            self.init(body: page, status: 403, type: "text/html; charset=UTF-8")
        case .page: self.init(body: "<html><body>Sorry, \(verbatim: secret)</body></html>", type: "text/html")
        case .failed: self.init(body: #"{"message":"","code":17,"error":"cannot serve \#(verbatim: secret)"}"#)
        case .broken: self.init(body: #"{"message":"success","devices":[{"dev_id":"0"#)
        case .misshapen: self.init(body: #"{"message":"success","devices":{\#(secret):7},"hits":7,"uid":[]}"#)
        case .flood: self.init(body: #"{"message":""#, delivery: .flood)
        case .drip: self.init(body: #"{"message":"success","devices":[]}"#, delivery: .drip)
        case .hang: self.init(delivery: .mute)
        case .cut: self.init(delivery: .cut)
        case .redirect: self.init(status: 302, headers: [("Location", "http://127.0.0.2:1/stolen")])
        }
    }
}
