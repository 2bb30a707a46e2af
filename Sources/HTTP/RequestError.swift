/// Why a request was rejected before its target was evaluated.
package enum RequestError: Error, Equatable, Sendable {
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

    /// The request is not valid HTTP/1.
    case malformed(Fault)
    /// The limit is in bytes.
    case requestLineTooLong(limit: Int)
    /// The limit is in bytes of all fields.
    case headersTooLarge(limit: Int)
    /// The limit is a number of fields.
    case tooManyHeaders(limit: Int)
    /// The request has a body, or announces one.
    case body
    /// The version has the form `HTTP/2.0`.
    case unsupportedVersion(String)
    /// `Expect` has a value other than `100-continue`.
    case expectation

    package var status: Status { rejection.status }

    /// The reason that the rejection is counted under.
    package var reason: RejectionReason { rejection.reason }

    private var rejection: (status: Status, reason: RejectionReason) {
        switch self {
        case .malformed: (.badRequest, .badRequest)
        case .requestLineTooLong: (.uriTooLong, .uriTooLong)
        case .headersTooLarge, .tooManyHeaders: (.headersTooLarge, .headersTooLarge)
        case .body: (.contentTooLarge, .body)
        case .unsupportedVersion: (.versionNotSupported, .version)
        case .expectation: (.expectationFailed, .expectation)
        }
    }
}

extension RequestError: CustomStringConvertible {
    /// The message in the response.
    package var description: String {
        switch self {
        case .malformed(let fault): fault.rawValue
        case .requestLineTooLong(let limit): "the request line is longer than \(limit) bytes"
        case .headersTooLarge(let limit): "the header fields are longer than \(limit) bytes"
        case .tooManyHeaders(let limit): "there are more than \(limit) header fields"
        case .body: "request bodies are not supported"
        case .unsupportedVersion(let version): "\(version) is not supported; use HTTP/1.1 or HTTP/1.0"
        case .expectation: "the only supported expectation is 100-continue"
        }
    }
}
