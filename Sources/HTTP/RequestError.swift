/// Why a request was rejected before it reached the handler.
package struct RequestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Why a request is not valid HTTP/1.
    package enum Fault: String, Sendable, CaseIterable {
        case requestLine = "the request line must be METHOD TARGET HTTP/1.1"
        case controlCharacter = "a line contains a control character"
        case target = "the target must be a path, an http URL, or * for OPTIONS"
        case escape = "the path contains an invalid percent escape, a control character, or text that is not UTF-8"
        case fieldName = "a header name is empty or contains an invalid character"
        case folding = "a header field continues on a second line, which is not supported"
        case host = "HTTP/1.1 requires exactly one valid Host header"
        case contentLength = "Content-Length must be one number"
        case framing = "Content-Length and Transfer-Encoding must not be used together"
        case emptyLines = "too many empty lines before the request line"
    }

    package let status: Status
    /// The reason that the rejection is counted under.
    package let reason: RejectionReason
    /// The message in the response.
    package let description: String

    private init(_ status: Status, _ reason: RejectionReason, _ description: String) {
        self.status = status
        self.reason = reason
        self.description = description
    }

    static let timeout = RequestError(.requestTimeout, .timeout, "the request was not complete in time")
    static let body = RequestError(.contentTooLarge, .body, "request bodies are not supported")
    static let expectation = RequestError(
        .expectationFailed, .expectation, "the only supported expectation is 100-continue")

    static func malformed(_ fault: Fault) -> RequestError {
        RequestError(.badRequest, .badRequest, fault.rawValue)
    }

    static func requestLineTooLong(limit: Int) -> RequestError {
        RequestError(.uriTooLong, .uriTooLong, "the request line is longer than \(limit) bytes")
    }

    static func headersTooLarge(limit: Int) -> RequestError {
        RequestError(.headersTooLarge, .headersTooLarge, "the header fields are longer than \(limit) bytes")
    }

    static func tooManyHeaders(limit: Int) -> RequestError {
        RequestError(.headersTooLarge, .headersTooLarge, "there are more than \(limit) header fields")
    }

    /// - Parameter version: A version in the form `HTTP/2.0`.
    static func unsupportedVersion(_ version: String) -> RequestError {
        RequestError(.versionNotSupported, .version, "\(version) is not supported; use HTTP/1.1 or HTTP/1.0")
    }
}
