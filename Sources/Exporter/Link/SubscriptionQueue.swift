import Reactor

/// Paces the subscriptions of a session, so that hundreds of printers cause no burst. Confined to the event loop's
/// thread.
final class SubscriptionQueue {
    private static let interval = Duration.milliseconds(50)

    private let loop: EventLoop
    private let subscribe: (String) -> Void
    private var topics: [String] = []
    private var pacer: TimerQueue.Token?

    /// - Parameter subscribe: called with one topic at a time.
    init(_ loop: EventLoop, _ subscribe: @escaping (String) -> Void) {
        self.loop = loop
        self.subscribe = subscribe
    }

    /// Subscribes to `topic` at once if no other topic waits; otherwise queues it.
    func add(_ topic: String) {
        topics.append(topic)
        if pacer == nil { advance() }
    }

    func remove(_ topic: String) {
        topics.removeAll { $0 == topic }
    }

    func removeAll() {
        topics = []
        if let pacer { loop.cancel(pacer) }
        pacer = nil
    }

    private func advance() {
        pacer = nil
        guard !topics.isEmpty else { return }
        subscribe(topics.removeFirst())
        pacer = loop.schedule(after: Self.interval) { [weak self] in self?.advance() }
    }
}
