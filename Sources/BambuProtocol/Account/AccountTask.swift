import JSONScanning

/// The latest task of a printer as the account planned it.
///
/// Wire: an element of `hits[]` in the answer of `my/tasks`. Source: OpenBambuAPI cloud-http.md:97; ha-bambulab.
package struct AccountTask: Sendable, Equatable {
    /// The planned amount from one slot.
    package struct Share: Sendable, Equatable {
        /// The slot, or `.external` for a spool outside of every AMS.
        package let source: FilamentSource
        package let grams: Double
    }

    /// Grams. Wire: `weight`.
    package private(set) var grams: Double?
    /// The estimated duration in seconds. Wire: `costTime`.
    package internal(set) var seconds: Double?
    /// Seconds since 1970. Wire: `startTime`.
    package internal(set) var start: Double?
    /// The amounts by slot, each slot once. Wire: `amsDetailMapping`.
    package private(set) var shares: [Share] = []
    private var serial: String?

    package init() {}

    /// Fills a missing start and duration with the values of `user/print`.
    package mutating func fill(start: Double?, seconds: Double?) {
        self.start = self.start ?? start
        self.seconds = self.seconds ?? seconds
    }

    /// The latest task of a printer in an answer.
    ///
    /// - Returns: `nil` if the answer has another shape; a task without values if the printer has no tasks.
    package static func latest(of serial: String, in body: [UInt8]) -> AccountTask? {
        let hits = AccountAnswer.elements(of: "hits", in: body, limit: 100) { reader in
            var task = AccountTask()
            return try fields.read(&reader, into: &task) == nil ? nil : task
        }
        // The newest task comes first, unless a later start shows otherwise.
        return hits.map { hits in
            let own = hits.filter { $0.serial == nil || $0.serial == serial }
            return own.reduce(own.first) { ($1.start ?? 0) > ($0?.start ?? 0) ? $1 : $0 } ?? AccountTask()
        }
    }

    private static let fields = FieldTable<AccountTask>([
        Field("deviceId") { try $0.text(into: &$1.serial) },
        Field("weight") { try AccountAnswer.positive(&$0, in: 0...1e6, into: &$1.grams) },
        Field("costTime") { try AccountAnswer.positive(&$0, in: 0...1e8, into: &$1.seconds) },
        Field("startTime") { try AccountAnswer.time(&$0, into: &$1.start) },
        Field("amsDetailMapping") { reader, task in
            try reader.array { reader in
                var share = (slot: Int?.none, grams: Double?.none)
                try shareFields.read(&reader, into: &share)
                if let slot = share.slot, let grams = share.grams { task.add(grams, from: slot) }
            }
        },
    ])

    private static let shareFields = FieldTable<(slot: Int?, grams: Double?)>([
        Field("ams") { try $0.integer(in: 0...255, into: &$1.slot) },
        Field("weight") { try $0.number(in: 0...1e6, into: &$1.grams) },
    ])

    /// Slots are counted over all units, as in `tray_now`. Two filaments of the same slot are added to one share.
    private mutating func add(_ grams: Double, from number: Int) {
        guard let source = FilamentSource(number: number) else { return }
        if let index = shares.firstIndex(where: { $0.source == source }) {
            shares[index] = Share(source: source, grams: shares[index].grams + grams)
        } else {
            shares.append(Share(source: source, grams: grams))
        }
    }
}
