/// Why a request is refused before anyone looks at what it asks for.
package enum RequestError: Error, Equatable, Sendable {
    /// What is wrong with a request that is no valid HTTP/1.
    package enum Fault: String, Sendable, CaseIterable {
        case requestLine = "the request line is not METHOD TARGET HTTP/1.1"
        case controlCharacter = "a line holds a control character"
        case target = "the target is neither a path, nor a URL, nor the * of OPTIONS"
        case escape = "the path holds a broken percent escape, a control character, or text that is not UTF-8"
        case fieldName = "a header field's name is empty or holds a character that names may not hold"
        case folding = "a header field goes on in a second line"
        case host = "HTTP/1.1 wants exactly one valid Host header"
        case contentLength = "Content-Length is not one number"
        case framing = "Content-Length and Transfer-Encoding exclude each other"
        case emptyLines = "there are too many empty lines before the request line"
    }

    /// No valid HTTP/1.
    case malformed(Fault)
    /// In bytes.
    case requestLineTooLong(limit: Int)
    /// In bytes of all fields.
    case headersTooLarge(limit: Int)
    /// In fields.
    case tooManyHeaders(limit: Int)
    /// There is a body, or a promise of one.
    case body
    /// `version` is of the form `HTTP/2.0`.
    case unsupportedVersion(String)
    /// `Expect` asks for something else than `100-continue`.
    case expectation

    /// The status of the answer.
    package var status: Status {
        switch self {
        case .malformed: .badRequest
        case .requestLineTooLong: .uriTooLong
        case .headersTooLarge, .tooManyHeaders: .headersTooLarge
        case .body: .contentTooLarge
        case .unsupportedVersion: .versionNotSupported
        case .expectation: .expectationFailed
        }
    }

    /// What the refusal is counted as.
    package var reason: RejectionReason {
        switch self {
        case .malformed: .badRequest
        case .requestLineTooLong: .uriTooLong
        case .headersTooLarge, .tooManyHeaders: .headersTooLarge
        case .body: .body
        case .unsupportedVersion: .version
        case .expectation: .expectation
        }
    }
}

extension RequestError: CustomStringConvertible {
    /// The sentence the client reads.
    package var description: String {
        switch self {
        case .malformed(let fault): fault.rawValue
        case .requestLineTooLong(let limit): "the request line is longer than \(limit) bytes"
        case .headersTooLarge(let limit): "the header fields are longer than \(limit) bytes"
        case .tooManyHeaders(let limit): "there are more than \(limit) header fields"
        case .body: "requests here have no body"
        case .unsupportedVersion(let version): "\(version) is not spoken here; use HTTP/1.1 or HTTP/1.0"
        case .expectation: "the only expectation that can be met is 100-continue"
        }
    }
}
