import Reactor

/// A deadline that moves with every report. Confined to the loop's thread.
///
/// Moved later, it rings too early, once, and is set anew by whoever then finds nothing due: to move a timer would cost more
/// than to read a short report.
final class Alarm {
    private let loop: EventLoop
    private let ring: () -> Void
    private var timer: (due: Instant, token: TimerQueue.Token)?

    /// - Parameter ring: called when the deadline is reached, or earlier; does nothing that is not due.
    init(_ loop: EventLoop, _ ring: @escaping () -> Void) {
        self.loop = loop
        self.ring = ring
    }

    /// Sets it to `deadline`; `nil` lets it be silent.
    func set(_ deadline: Instant?) {
        guard let deadline else { return cancel() }
        if let timer, timer.due <= deadline { return }
        cancel()
        let token = loop.schedule(at: deadline) { [weak self] in
            self?.timer = nil
            self?.ring()
        }
        timer = (deadline, token)
    }

    func cancel() {
        if let timer { loop.cancel(timer.token) }
        timer = nil
    }
}
