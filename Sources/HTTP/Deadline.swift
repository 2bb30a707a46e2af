import Reactor

/// The deadline of a connection; it moves with every phase.
///
/// Postponing does not reschedule the timer: it fires at the old time and schedules itself again. So a busy connection
/// does not schedule a timer for each request.
final class Deadline {
    private let loop: EventLoop
    private let expire: () -> Void
    private var due: Instant
    private var timer: (token: TimerQueue.Token, due: Instant)?

    /// Creates a deadline without a time; `move` sets it.
    init(on loop: EventLoop, _ expire: @escaping () -> Void) {
        self.loop = loop
        self.expire = expire
        due = loop.now
    }

    func move(to instant: Instant) {
        due = instant
        if let timer, timer.due <= due { return }
        cancel()
        let token = loop.schedule(at: due) { [weak self] in self?.fire() }
        timer = (token, due)
    }

    func cancel() {
        if let timer { loop.cancel(timer.token) }
        timer = nil
    }

    private func fire() {
        timer = nil
        if loop.now >= due { expire() } else { move(to: due) }
    }
}
