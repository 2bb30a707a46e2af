import JSONScanning

/// The spools that hang outside of every AMS unit, by id: 254, 255 or both.
///
/// Wire: `vir_slot[]`, and `vt_tray` on firmware without that.
package struct ExternalSpools: Sendable, Equatable {
    package struct Spool: Sendable, Equatable {
        /// 254 or 255; of two, 254 feeds the left nozzle and 255 the right one.
        package let id: Int
        package let tray: Tray
    }

    package private(set) var spools: [Spool] = []
    /// Whether the printer uses `vir_slot`: the older `vt_tray` beside it (H2D 01.01) then tells only half.
    private var isList = false

    package init(_ spools: [Spool] = []) {
        self.spools = spools
    }

    /// The only one; `nil` where there are none or two.
    package var only: Spool? { spools.count == 1 ? spools[0] : nil }

    /// `Ext`; of two external spools, `Ext-L` feeds the left nozzle and `Ext-R` the right one.
    package func label(of id: Int) -> String {
        spools.count < 2 ? "Ext" : id == 254 ? "Ext-L" : "Ext-R"
    }

    /// What one message says of them, which waits until it is known whether the message is full.
    struct Message {
        fileprivate var found: [(spool: Spool, reader: FieldReader)] = []
        fileprivate var isList = false
    }

    /// Merges a value of a full report, where it stands by itself.
    mutating func merge(
        _ reader: inout FieldReader, _ read: (inout FieldReader, inout Message) throws -> Void
    ) throws {
        var message = Message()
        try read(&reader, &message)
        try take(message, isFull: true)
    }

    /// Takes in what a message said. A partial message adds to what was known of a spool.
    mutating func take(_ message: Message, isFull: Bool) throws {
        guard message.isList || !isList else { return }
        guard message.isList || !message.found.isEmpty else { return }
        isList = message.isList
        var new: [Spool] = []
        for (spool, reader) in message.found {
            guard !isFull, spool.tray.isTelling, let old = spools.first(where: { $0.id == spool.id }) else {
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

extension ExternalSpools.Message {
    /// Reads `vir_slot`, a list of all external spools.
    mutating func readList(_ reader: inout FieldReader) throws {
        var list = Self()
        guard try reader.array({ try list.readSpool(&$0) }) else { return }
        list.isList = true
        self = list
    }

    /// Reads `vt_tray`, which is what there was before `vir_slot`.
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
