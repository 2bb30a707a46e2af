/// What a client asks for. Requests with a body never get this far.
package struct Request: Sendable, Equatable {
    /// What is to be done with the target.
    package enum Method: Sendable, Equatable {
        case get, head, post
        /// Any other one, in the case it came in.
        case other(String)

        /// The method called `name`; case counts.
        package init(_ name: String) {
            switch name {
            case "GET": self = .get
            case "HEAD": self = .head
            case "POST": self = .post
            default: self = .other(name)
            }
        }
    }

    /// The version of HTTP that the client speaks.
    package enum Version: Sendable {
        case http10, http11
    }

    /// What is to be done.
    package let method: Method
    /// To what.
    package let target: RequestTarget
    /// The client's version, which decides on the life of the connection.
    package let version: Version
    /// All fields as they came.
    package let headers: Headers
    /// Bytes of the body that follows; the server accepts none.
    package private(set) var bodyLength = 0

    /// Checks what RFC 9112 demands of the fields, and that the body has at most `bodyLimit` bytes.
    package init(
        _ method: Method, _ target: RequestTarget, version: Version = .http11, headers: Headers, bodyLimit: Int = 0
    ) throws(RequestError) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        try checkHost()
        bodyLength = try Self.bodyLength(headers, limit: bodyLimit)
        try checkExpectation()
    }

    /// The decoded path, which begins with a slash; `*` where `OPTIONS` asks about the server.
    package var path: String { target.path }

    /// The values of every query item called `name`, in their order.
    package func query(_ name: String) -> [String] {
        target.queryItems.compactMap { $0.name == name ? $0.value : nil }
    }

    /// Host and port as the client wrote them: from an absolute target, or else from the `Host` field.
    package var host: String? { target.authority ?? headers["Host"] }

    /// Whether the client wants to send more requests on its connection.
    package var keepsAlive: Bool {
        if headers.list("Connection", contains: "close") { return false }
        return version == .http11 || headers.list("Connection", contains: "keep-alive")
    }

    private func checkHost() throws(RequestError) {
        let hosts = headers.values(of: "Host")
        let isCounted = version == .http11 ? hosts.count == 1 : hosts.count <= 1
        guard isCounted, hosts.allSatisfy({ $0.utf8.allSatisfy(\.isHostCharacter) }) else {
            throw .malformed(.host)
        }
    }

    /// RFC 9112, section 6: a request has a body where it has one of these two fields, and never both.
    private static func bodyLength(_ headers: Headers, limit: Int) throws(RequestError) -> Int {
        let hasTransferEncoding = !headers.values(of: "Transfer-Encoding").isEmpty
        let lengths = headers.values(of: "Content-Length").flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { Array($0.trimmed) }
        }
        guard let length = lengths.first else {
            if hasTransferEncoding { throw .body }
            return 0
        }
        if hasTransferEncoding { throw .malformed(.framing) }
        guard lengths.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) && $0 == length }) else {
            throw .malformed(.contentLength)
        }
        guard let bytes = Int(String(decoding: length, as: UTF8.self)), bytes <= limit else { throw .body }
        return bytes
    }

    /// RFC 9110, section 10.1.1: without a body, `100-continue` has nothing to wait for and is passed over.
    private func checkExpectation() throws(RequestError) {
        let expected = headers.values(of: "Expect")
        guard expected.allSatisfy({ $0.utf8.lowercasedASCIIText == "100-continue" }) else { throw .expectation }
    }
}
