import Reactor

/// A deadline that moves with every phase of a connection.
///
/// Moving it back costs nothing: the timer that is set comes too early, sees so, and sets itself anew. So a busy
/// connection sets no timer per request.
final class Deadline {
    private let loop: EventLoop
    private let expire: () -> Void
    private var due: Instant
    private var timer: (token: TimerQueue.Token, due: Instant)?

    /// Nothing expires before the first `move`.
    init(on loop: EventLoop, _ expire: @escaping () -> Void) {
        self.loop = loop
        self.expire = expire
        due = loop.now
    }

    func move(to instant: Instant) {
        due = instant
        if let timer, timer.due <= due { return }
        cancel()
        let token = loop.schedule(at: due) { [weak self] in self?.ring() }
        timer = (token, due)
    }

    func cancel() {
        if let timer { loop.cancel(timer.token) }
        timer = nil
    }

    private func ring() {
        timer = nil
        if loop.now >= due { expire() } else { move(to: due) }
    }
}
