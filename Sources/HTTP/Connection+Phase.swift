import Reactor

extension Connection {
    /// What a connection is at.
    enum Phase {
        /// A request is coming in, or the first one is awaited.
        case reading
        /// Between two requests.
        case idle
        /// The request waits for its turn, or until it is decided whether it may be answered.
        case waiting
        /// A response is being written; nothing is read meanwhile, so a client that sends without reading is stopped
        /// by its own full socket.
        case answering
        /// The last answer is out; closing at once would reset the connection and might take the answer with it.
        case draining
        case closed

        /// When a connection that is at it must have gone on.
        ///
        /// - Parameters:
        ///   - since: when it came to be at it.
        ///   - firstByte: when the first byte of the request being read came in.
        func latest(since: Instant, firstByte: Instant?, _ limits: Limits) -> Instant {
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
