import JSONScanning

/// The spools outside of AMS units, by id: 254, 255 or both.
///
/// Wire: `vir_slot[]`, or `vt_tray` on firmware without it.
package struct ExternalSpools: Sendable, Equatable {
    package struct Spool: Sendable, Equatable {
        /// 254 or 255. If there are two, 254 feeds the left nozzle and 255 the right one.
        package let id: Int
        package let tray: Tray
    }

    package private(set) var spools: [Spool] = []
    /// Whether the printer uses `vir_slot`. If it does, the older `vt_tray` beside it (H2D 01.01) is incomplete.
    private var isList = false

    package init(_ spools: [Spool] = []) {
        self.spools = spools
    }

    /// The only spool; `nil` if there are no spools or two.
    package var only: Spool? { spools.count == 1 ? spools[0] : nil }

    /// `Ext`; if there are two, `Ext-L` feeds the left nozzle and `Ext-R` the right one.
    package func label(of id: Int) -> String {
        spools.count < 2 ? "Ext" : id == 254 ? "Ext-L" : "Ext-R"
    }

    /// The spools of one message. They are merged after the whole message was read, because only then it is known
    /// whether the message is full.
    struct Delta {
        fileprivate var found: [(spool: Spool, reader: FieldReader)] = []
        fileprivate var isList = false
    }

    /// Merges a value outside of a report, as a full report.
    mutating func merge(
        _ reader: inout FieldReader, _ read: (inout FieldReader, inout Delta) throws -> Void
    ) throws {
        var message = Delta()
        try read(&reader, &message)
        try merge(message, isFull: true)
    }

    /// Merges a message. A partial one adds to the known values of a spool.
    mutating func merge(_ delta: Delta, isFull: Bool) throws {
        guard delta.isList || !isList else { return }
        guard delta.isList || !delta.found.isEmpty else { return }
        isList = delta.isList
        var new: [Spool] = []
        for (spool, reader) in delta.found {
            guard !isFull, spool.tray.isDescribed, let old = spools.first(where: { $0.id == spool.id }) else {
                new.append(spool)
                continue
            }
            var (reader, tray) = (reader, old.tray)
            try tray.merge(&reader)
            new.append(Spool(id: spool.id, tray: tray))
        }
        if !isFull, isList { new += spools.filter { old in !new.contains { $0.id == old.id } } }
        spools = new.sorted { $0.id < $1.id }
    }
}

extension ExternalSpools.Delta {
    /// Reads `vir_slot`, the list of all external spools.
    mutating func readList(_ reader: inout FieldReader) throws {
        var list = Self()
        guard try reader.array({ try list.readSpool(&$0) }) else { return }
        list.isList = true
        self = list
    }

    /// Reads `vt_tray`, the predecessor of `vir_slot`.
    mutating func readTray(_ reader: inout FieldReader) throws {
        guard !isList else { return try reader.scanner.skip() }
        found = []
        try readSpool(&reader)
    }

    private mutating func readSpool(_ reader: inout FieldReader) throws {
        let start = reader
        let before = reader.rejected
        guard let tray = try Tray.read(&reader) else { return }
        guard let id = tray.id, id == 254 || id == 255, !found.contains(where: { $0.spool.id == id }) else {
            return reader.reject(unlessSince: before)
        }
        found.append((ExternalSpools.Spool(id: id, tray: tray), start))
    }
}
