/// What the simulated account answers, or does instead.
struct CloudReply: Sendable, Equatable {
    enum Manner: Sendable, Equatable {
        case whole
        /// Says nothing, and leaves the connection open.
        case mute
        /// Closes without a word.
        case cut
        /// Sends byte by byte.
        case drip
        /// Goes on sending.
        case flood
    }

    var status = 200
    var headers: [(name: String, value: String)] = []
    var type = "application/json; charset=utf-8"
    var body = ""
    var manner = Manner.whole

    static func == (left: CloudReply, right: CloudReply) -> Bool {
        left.bytes == right.bytes && left.manner == right.manner
    }

    init(_ body: String, status: Int = 200) {
        self.status = status
        self.body = body
    }

    /// An error in the interface's own form.
    init(_ status: Int, code: Int, error: String) {
        self.init(#"{"message":"","code":\#(code),"error":"\#(error)"}"#, status: status)
    }

    /// What goes on the wire.
    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status) \(status == 200 ? "OK" : "Because")\r\nContent-Type: \(type)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let length = manner == .flood ? 1 << 30 : body.utf8.count
        return Array((head + "Content-Length: \(length)\r\n\r\n" + body).utf8)
    }

    /// What a fault answers in the place of everything else.
    init(_ fault: CloudFault.Kind, secret: String) {
        switch fault {
        case .refused: self.init(401, code: 4, error: "Please login.")
        case .unauthorized: self.init("", status: 401)
        case .forbidden: self.init(403, code: 8, error: "not permitted")
        case .teapot: self.init("", status: 418)
        case .limited:
            self.init(429, code: 429, error: "slow down")
            headers = [("Retry-After", "120")]
        case .error: self.init(500, code: 500, error: "internal error of \(secret)")
        case .unavailable:
            self.init("", status: 503)
            headers = [("CF-RAY", "0123456789abcdef-SIM")]
        case .cloudflare:
            self.init("<!DOCTYPE html><html><title>Just a moment...</title>Cloudflare</html>", status: 403)
            type = "text/html; charset=UTF-8"
        case .page:
            self.init("<html><body>Sorry, \(secret)</body></html>", status: 200)
            type = "text/html"
        case .failed: self.init(#"{"message":"","code":17,"error":"cannot serve \#(secret)"}"#, status: 200)
        case .broken: self.init(#"{"message":"success","devices":[{"dev_id":"0"#, status: 200)
        case .misshapen: self.init(#"{"message":"success","devices":{"\#(secret)":7},"hits":7,"uid":[]}"#, status: 200)
        case .flood:
            self.init(#"{"message":""#, status: 200)
            manner = .flood
        case .drip:
            self.init(#"{"message":"success","devices":[]}"#, status: 200)
            manner = .drip
        case .hang:
            self.init("", status: 200)
            manner = .mute
        case .cut:
            self.init("", status: 200)
            manner = .cut
        case .redirect:
            self.init("", status: 302)
            headers = [("Location", "http://127.0.0.2:1/stolen")]
        }
    }
}
