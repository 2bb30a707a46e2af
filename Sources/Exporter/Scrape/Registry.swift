import Platform

/// The current printers, shared with the listener's thread.
final class Registry: Sendable {
    struct Entry: Sendable {
        let name: String
        let serial: String
        /// Whether a source is configured that can deliver reports.
        let hasSource: Bool
        let mailbox: PrinterMailbox
    }

    private let entries = Locked<[Entry]>([])

    /// The printers in the order of the configuration.
    var all: [Entry] { entries.withLock { $0 } }

    func replace(_ new: [Entry]) {
        entries.withLock { $0 = new }
    }

    /// Finds a printer by its name, or else by its serial number.
    func find(_ key: String) -> Entry? {
        let all = self.all
        return all.first { $0.name == key } ?? all.first { $0.serial == key }
    }

    /// Whether an attempt to connect has ended for every printer that has a source.
    func isEveryPrinterTried(at now: Instant) -> Bool {
        all.allSatisfy { !$0.hasSource || $0.mailbox.read(at: now)?.isTried == true }
    }
}
