import JSONScanning

/// The rack of hotends that a machine changes automatically. Wire: `device.nozzle`, ids from 16 on.
///
/// The mounted hotend is reported as nozzle 0 and is absent from the list; `tar_id` contains its place. Source: Bambu
/// Studio DevNozzleRack; ha-bambulab; bambulab_metrics_exporter.
package struct Rack: Sendable, Equatable {
    /// A hotend, by the number of its place in the rack, from 1 on.
    package struct Hotend: Sendable, Equatable {
        package let number: Int
        package let isMounted: Bool
        /// In mm, such as `0.4`; "" if it is not known.
        package let diameter: String
        /// A code such as `HS01`; "" if it is not known.
        package let type: String
        /// Seconds of printing; `nil` if the printer does not report them.
        let printSeconds: Double?
    }

    /// One element of `device.nozzle.info`.
    struct Element: Sendable, Equatable {
        var id: Int?
        var diameter: String?
        var type: String?
        var printSeconds: Double?

        var isInRack: Bool { (id ?? 0) >= Rack.firstID }

        /// Fills the missing values of this element from an older element of the same id.
        func adding(to older: Element?) -> Element {
            Element(
                id: id, diameter: diameter ?? older?.diameter, type: type ?? older?.type,
                printSeconds: printSeconds ?? older?.printSeconds)
        }
    }

    /// The id of the first place. An id of the rack has a bit from 4 up set; an id of a nozzle has none.
    private static let firstID = 16
    /// More places than any rack has. The largest announced rack has nine.
    private static let limit = 16

    /// The hotends in the rack, sorted by id.
    private var docked: [Element] = []
    /// The ids that are in their place, one bit each.
    private var existBits: UInt32?
    /// The id of the place that the mounted hotend came from.
    private var target: Int?

    /// Whether the machine has a rack.
    var isFitted: Bool { !docked.isEmpty || max(target ?? 0, Int((existBits ?? 0) >> 12)) >= Self.firstID }

    /// The rack and nozzles of one message. They are merged after the whole message was read, because only then it is
    /// known whether the message is full.
    struct Delta {
        fileprivate(set) var nozzles: [Element] = []
        fileprivate var docked: [Element]?
        fileprivate var existBits: UInt32?
        fileprivate var target: Int?
    }

    /// Merges a message. A partial one adds to the known values.
    mutating func merge(_ delta: Delta, isFull: Bool) {
        existBits = delta.existBits ?? existBits
        target = delta.target ?? target
        guard let new = delta.docked else { return }
        let old = isFull ? [] : docked
        let kept = old.filter { old in !new.contains { $0.id == old.id } }
        let merged = new.map { element in element.adding(to: old.first { $0.id == element.id }) }
        docked = (kept + merged).sorted { ($0.id ?? 0) < ($1.id ?? 0) }
    }

    /// All hotends, by place; empty on a machine without a rack.
    func hotends(mounted nozzle: Toolhead.Nozzle?) -> [Hotend] {
        (1...Self.limit).compactMap { hotend($0, mounted: nozzle) }
    }

    /// The hotend of a place; `nil` if the place is empty and its hotend is not mounted.
    ///
    /// During a change, the next hotend may still be in its place.
    private func hotend(_ number: Int, mounted nozzle: Toolhead.Nozzle?) -> Hotend? {
        let id = Self.firstID + number - 1
        let isMounted = target == id
        let isInPlace = existBits.map { $0 >> UInt32(id) & 1 == 1 }
        if let element = docked.first(where: { $0.id == id }), isInPlace != false {
            return Hotend(
                number: number, isMounted: isMounted, diameter: element.diameter ?? "", type: element.type ?? "",
                printSeconds: element.printSeconds)
        }
        if isMounted, let nozzle {
            return Hotend(
                number: number, isMounted: true, diameter: nozzle.diameter, type: nozzle.type,
                printSeconds: nozzle.printSeconds)
        }
        guard isInPlace == true else { return nil }
        return Hotend(number: number, isMounted: isMounted, diameter: "", type: "", printSeconds: nil)
    }

    /// The fields of `device.nozzle`. X1C 01.09 sends a number as `info`. Its meaning is not known, and it is not
    /// counted.
    static let fields = FieldTable<Delta>([
        Field("info") { reader, message in
            guard try reader.scanner.peek() != .number else { return try reader.scanner.skip() }
            try message.readElements(&reader)
        },
        Field("exist") { try $0.bits(into: &$1.existBits) },
        Field("tar_id") { try $0.integer(in: 0...0xFFFF, into: &$1.target) },
    ])
}

extension Rack.Delta {
    fileprivate mutating func readElements(_ reader: inout FieldReader) throws {
        var rack: [Rack.Element] = []
        let isArray = try reader.array { reader in
            var element = Rack.Element()
            try Self.elementFields.read(&reader, into: &element)
            guard let id = element.id else { return }
            if !element.isInRack {
                nozzles.append(element)
            } else if !rack.contains(where: { $0.id == id }) {
                rack.append(element)
            }
        }
        if isArray { docked = rack }
    }

    private static let elementFields = FieldTable<Rack.Element>([
        Field("id") { try $0.integer(in: 0...31, into: &$1.id) },
        Field("diameter") { try Toolhead.text(&$0, into: &$1.diameter) },
        Field("type") { try Toolhead.text(&$0, into: &$1.type) },
        Field("p_t") { try $0.number(in: 0...1e10, into: &$1.printSeconds) },
    ])
}
