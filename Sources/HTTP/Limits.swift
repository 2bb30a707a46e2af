/// The resources that one client, and all clients together, may use.
package struct Limits: Sendable, Equatable {
    /// Maximum bytes of a request line, without its line end.
    package var requestLine = 8 * 1024
    /// Maximum bytes of all header fields, including line ends.
    package var headers = 16 * 1024
    /// Maximum number of header fields in one request.
    package var headerFields = 64

    /// Time from a request's first byte to the end of its header. Also the time a new client has to send that byte.
    package var headTime = Duration.seconds(5)
    /// Time from accepting the connection, or from a later request's first byte, to the end of the request.
    package var requestTime = Duration.seconds(10)
    /// Time that a connection may stay open between two requests.
    package var idleTime = Duration.seconds(120)
    /// Time for the client to read a whole response.
    package var writeTime = Duration.seconds(30)

    /// Maximum number of open connections. Above it, the connection that was idle or slow for longest is closed.
    package var connections = 512
    /// Maximum number of responses being written. Above it, the slowest response of the client with the most responses
    /// is aborted, or the request is answered with 503.
    package var answers = 40
    /// Minimum body size, in bytes, of responses that count against `answers`.
    package var countedBody = 16 * 1024
    /// Time without progress after which a response may be aborted for another request.
    package var stallTime = Duration.seconds(1)
    /// Time that requests are answered in one turn of the event loop before connections are handled again.
    package var turnTime = Duration.milliseconds(10)

    /// Time that a client's bytes are still read and discarded after the last response on its connection.
    package var drainTime = Duration.seconds(2)
    /// Maximum number of bytes discarded in that time.
    package var drainBytes = 2 * 1024 * 1024

    package init() {}
}
