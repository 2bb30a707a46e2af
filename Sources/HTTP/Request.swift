/// An HTTP request without a body; requests with a body are rejected.
package struct Request: Sendable, Equatable {
    /// A method by its name, which is case-sensitive.
    package struct Method: Sendable, Equatable {
        package static let get = Method(name: "GET")
        package static let head = Method(name: "HEAD")
        package static let post = Method(name: "POST")
        static let options = Method(name: "OPTIONS")

        let name: String
    }

    package enum Version: Sendable {
        case http10, http11
    }

    package let method: Method
    package let target: RequestTarget
    /// The client's version, which decides whether the connection persists.
    package let version: Version
    package let headers: Headers
    /// Bytes of the body that follows; the server accepts none.
    package private(set) var bodyLength = 0

    /// - Throws: `RequestError` if the fields violate RFC 9112, or if the body exceeds `bodyLimit` bytes.
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

    /// The decoded path, which begins with a slash; `*` for an `OPTIONS` request about the server.
    package var path: String { target.path }

    /// The values of all query items named `name`, in order.
    package func query(_ name: String) -> [String] {
        target.queryItems.compactMap { $0.name == name ? $0.value : nil }
    }

    /// Host and port as the client wrote them: from an absolute target, or else from the `Host` field.
    package var host: String? { target.authority ?? headers["Host"] }

    /// Whether the connection stays open after the response.
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

    /// The length of the body. A request has a body if it has either of these fields, and must not have both (RFC 9112,
    /// section 6).
    ///
    /// - Throws: `RequestError` if the framing is invalid or the length exceeds `limit`.
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

    /// Ignores `100-continue`, which has no effect without a body (RFC 9110, section 10.1.1).
    private func checkExpectation() throws(RequestError) {
        let expected = headers.values(of: "Expect")
        guard expected.allSatisfy({ $0.utf8.lowercasedASCIIText == "100-continue" }) else { throw .expectation }
    }
}
