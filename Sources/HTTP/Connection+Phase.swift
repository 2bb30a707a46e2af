import Platform

extension Connection {
    enum Phase {
        /// A request is being received, or the first one is awaited.
        case reading
        /// The connection is open between two requests.
        case idle
        /// The request waits for its turn, or for the access decision.
        case waiting
        /// A response is being written. Nothing is read in this state, so the socket buffer of a client that sends
        /// without reading fills up and stops it.
        case answering
        /// The last response was sent. The connection stays open for a moment: closing at once would send a reset,
        /// which could discard the response.
        case draining
        case closed

        /// The deadline of the phase, which began at `since`.
        func deadline(since: Instant, firstByte: Instant?, _ limits: Limits) -> Instant {
            switch self {
            case .reading: min((firstByte ?? since) + limits.headTime, since + limits.requestTime)
            case .idle: since + limits.idleTime
            case .answering, .waiting: since + limits.writeTime
            case .draining: since + limits.drainTime
            case .closed: since
            }
        }
    }
}
