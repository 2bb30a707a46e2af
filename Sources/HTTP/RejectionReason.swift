/// Why a request or a connection was turned away. The raw value is the label of the counter of rejections.
package enum RejectionReason: String, Sendable, CaseIterable {
    /// No valid HTTP/1 (400).
    case badRequest = "bad_request"
    /// The request line was too long (414).
    case uriTooLong = "uri_too_long"
    /// The header fields were too many or too long (431).
    case headersTooLarge = "headers_too_large"
    /// The request came with a body (413).
    case body
    /// The request was of another version of HTTP (505).
    case version
    /// The request expected something other than `100-continue` (417).
    case expectation
    /// The request did not end in time (408).
    case timeout
    /// Too many responses were being written (503).
    case busy
    /// The connection was closed to make room for a new one.
    case connections
    /// The connection was closed, or not accepted, because the process had no descriptor left.
    case descriptors
    /// The client did not take its response in time.
    case slowReader = "slow_reader"
}
