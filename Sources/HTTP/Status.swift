/// The status codes this server sends (RFC 9110, section 15).
package struct Status: Sendable, Equatable {
    package let code: Int
    package let phrase: String

    package static let ok = Status(code: 200, phrase: "OK")
    package static let found = Status(code: 302, phrase: "Found")
    package static let badRequest = Status(code: 400, phrase: "Bad Request")
    package static let unauthorized = Status(code: 401, phrase: "Unauthorized")
    package static let forbidden = Status(code: 403, phrase: "Forbidden")
    package static let notFound = Status(code: 404, phrase: "Not Found")
    package static let methodNotAllowed = Status(code: 405, phrase: "Method Not Allowed")
    package static let requestTimeout = Status(code: 408, phrase: "Request Timeout")
    package static let contentTooLarge = Status(code: 413, phrase: "Content Too Large")
    package static let uriTooLong = Status(code: 414, phrase: "URI Too Long")
    package static let expectationFailed = Status(code: 417, phrase: "Expectation Failed")
    package static let headersTooLarge = Status(code: 431, phrase: "Request Header Fields Too Large")
    package static let internalServerError = Status(code: 500, phrase: "Internal Server Error")
    package static let serviceUnavailable = Status(code: 503, phrase: "Service Unavailable")
    package static let versionNotSupported = Status(code: 505, phrase: "HTTP Version Not Supported")
}
