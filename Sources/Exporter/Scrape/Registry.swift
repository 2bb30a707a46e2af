import Reactor

/// The printers that there are, as the listener's thread sees them.
final class Registry: Sendable {
    struct Entry: Sendable {
        let name: String
        let serial: String
        /// Whether anything can bring reports of it.
        let hasSource: Bool
        let mailbox: PrinterMailbox
    }

    private let entries = Locked<[Entry]>([])

    /// In the order of the configuration.
    var all: [Entry] { entries.withLock { $0 } }

    func replace(_ new: [Entry]) {
        entries.withLock { $0 = new }
    }

    /// The printer of that name, or else of that serial number.
    func find(_ key: String) -> Entry? {
        let all = self.all
        return all.first { $0.name == key } ?? all.first { $0.serial == key }
    }

    /// Whether every printer has been tried once.
    func isEveryoneTried(at now: Instant) -> Bool {
        all.allSatisfy { !$0.hasSource || $0.mailbox.read(at: now)?.isTried == true }
    }
}
