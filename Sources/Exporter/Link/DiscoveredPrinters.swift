import Reactor

/// Collects printers that report on a broker without being configured, and reports them in batches.
///
/// Confined to the event loop's thread.
///
/// Batches bound the work: if one printer appears, thousands may.
final class DiscoveredPrinters {
    /// How long a batch waits for further printers.
    private static let batchDelay = Duration.milliseconds(100)

    private let loop: EventLoop
    private let onBatch: ([String: [[UInt8]]]) -> Void
    private var messages = PendingMessages()
    private var timer: TimerQueue.Token?

    /// - Parameter onBatch: called with the messages of the new printers, by serial number.
    init(_ loop: EventLoop, _ onBatch: @escaping ([String: [[UInt8]]]) -> Void) {
        self.loop = loop
        self.onBatch = onBatch
    }

    /// Keeps the message of a printer that is not being read yet.
    ///
    /// - Parameter isNew: whether the printer has just been added.
    func receive(_ payload: [UInt8], of serial: String, isNew: Bool) {
        if isNew { messages.expect(serial) }
        messages.keep(payload, of: serial)
        guard isNew, timer == nil else { return }
        timer = loop.schedule(after: Self.batchDelay) { [weak self] in
            guard let self else { return }
            timer = nil
            onBatch(messages.takeAll())
        }
    }

    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
