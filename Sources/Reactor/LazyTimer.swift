package import Platform

/// A deadline that is often postponed, such as one that moves with every report. Confined to the event loop's thread.
///
/// Postponing does not reschedule the timer, since that costs more than reading a short report. The timer fires once at
/// the old time, and the owner sets it again.
package final class LazyTimer {
    private let loop: EventLoop
    private let fire: () -> Void
    private var timer: (due: Instant, token: TimerQueue.Token)?

    /// - Parameter fire: called at the deadline or earlier; does only what is due, then calls `set`.
    package init(_ loop: EventLoop, _ fire: @escaping () -> Void) {
        self.loop = loop
        self.fire = fire
    }

    /// Moves the deadline; `nil` cancels it.
    package func set(_ deadline: Instant?) {
        guard let deadline else { return cancel() }
        if let timer, timer.due <= deadline { return }
        cancel()
        let token = loop.schedule(at: deadline) { [weak self] in
            self?.timer = nil
            self?.fire()
        }
        timer = (deadline, token)
    }

    package func cancel() {
        if let timer { loop.cancel(timer.token) }
        timer = nil
    }
}
