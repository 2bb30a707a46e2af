import Reactor

/// Collects printers that report on a broker without being configured, and reports them in batches.
///
/// Confined to the event loop's thread.
///
/// Batches bound the work: if one printer appears, thousands may. Messages that exceed the limit are dropped.
final class DiscoveredPrinters {
    /// How long a batch waits for further printers.
    private static let batchDelay = Duration.milliseconds(100)
    /// The maximum number of bytes of all messages in a batch.
    private static let limit = 4 << 20

    private let loop: EventLoop
    private let onBatch: ([String: [[UInt8]]]) -> Void
    /// The messages of the batch, by serial number.
    private var messages: [String: [[UInt8]]] = [:]
    private var size = 0
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
        if isNew { messages[serial] = messages[serial] ?? [] }
        if messages[serial] != nil, payload.count <= Self.limit - size {
            size += payload.count
            messages[serial]?.append(payload)
        }
        guard isNew, timer == nil else { return }
        timer = loop.schedule(after: Self.batchDelay) { [weak self] in self?.report() }
    }

    private func report() {
        let batch = messages
        (messages, size, timer) = ([:], 0, nil)
        onBatch(batch)
    }

    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
