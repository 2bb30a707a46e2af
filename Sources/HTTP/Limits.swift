/// What one client, and all clients together, may take up.
package struct Limits: Sendable, Equatable {
    /// Bytes of a request line without its line end.
    package var requestLine = 8 * 1024
    /// Bytes of all header fields, their line ends counted.
    package var headers = 16 * 1024
    /// Header fields of one request.
    package var headerFields = 64

    /// Time for a request's line and headers, from its first byte; also the time a new client has to send that byte.
    package var headTime = Duration.seconds(5)
    /// Time from the accept, or from a later request's first byte, to the end of the request.
    package var requestTime = Duration.seconds(10)
    /// Time a connection may stay open between two requests.
    package var idleTime = Duration.seconds(120)
    /// Time to take a whole response.
    package var writeTime = Duration.seconds(30)

    /// Connections held at once. One more, and the longest idle or slowest one is closed.
    package var connections = 512
    /// Responses being written at once. One more, and the slowest one of the client that has the most is ended, or the
    /// request is answered 503.
    package var answers = 40
    /// Bytes of a body from which a response counts against `answers`.
    package var countedBody = 16 * 1024
    /// Time that a response may stand still while others want its place.
    package var stallTime = Duration.seconds(1)
    /// Time for which requests are answered before connections get their turn.
    package var turnTime = Duration.milliseconds(10)

    /// Time during which a client's bytes are still read, and dropped, after the last answer on its connection.
    package var drainTime = Duration.seconds(2)
    /// Bytes that are dropped so at most.
    package var drainBytes = 2 * 1024 * 1024

    /// The documented defaults.
    package init() {}
}
