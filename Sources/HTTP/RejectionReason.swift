/// Why a request or a connection was rejected. The raw value is the metric label.
package enum RejectionReason: String, Sendable, CaseIterable {
    /// The request is not valid HTTP/1 (400).
    case badRequest = "bad_request"
    /// The request line is too long (414).
    case uriTooLong = "uri_too_long"
    /// There are too many header fields, or they are too long (431).
    case headersTooLarge = "headers_too_large"
    /// The request has a body (413).
    case body
    /// The HTTP version is not supported (505).
    case version
    /// The request expects something other than `100-continue` (417).
    case expectation
    /// The request was not complete in time (408).
    case timeout
    /// Too many responses are being written (503).
    case busy
    /// The connection was closed to make room for another one.
    case connections
    /// The connection was closed or not accepted, because the process ran out of descriptors.
    case descriptors
    /// The client did not read its response in time.
    case slowReader = "slow_reader"
}
