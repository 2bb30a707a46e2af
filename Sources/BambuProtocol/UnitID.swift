/// The id of an AMS unit on the wire, and the slots, bits, numbers and names that follow from it.
///
/// Ids that `families` does not list are valid too: such a unit has the slots that it reports, and no bits.
package struct UnitID: Sendable, Hashable {
    package let rawValue: Int
    /// The index in `families`, stored because every report needs it often.
    private let place: Int?

    /// The units of one kind of id. Source: Bambu Studio DevFilaSystem; ha-bambulab; bambino.
    private struct Family {
        let ids: ClosedRange<Int>
        /// Slots of each unit.
        let slots: Int
        /// The bit of the first unit in `ams_exist_bits`.
        let existBit: Int
        /// The bit of the first slot in `tray_exist_bits`.
        let trayBit: Int
        /// The number of the first slot in `tray_now` and in the account's tasks.
        let number: Int
        /// The prefix of the unit's letter.
        var prefix: StaticString = ""

        /// The slot of a number, if the family's slots are numbered from `first` on, unit after unit.
        func slot(at number: Int, from first: Int) -> (unit: UnitID, slot: Int)? {
            guard number >= first, number - first < ids.count * slots else { return nil }
            let offset = number - first
            return (UnitID(valid: ids.lowerBound + offset / slots), offset % slots)
        }
    }

    private static let families = [
        Family(ids: 0...3, slots: 4, existBit: 0, trayBit: 0, number: 0),
        Family(ids: 16...16, slots: 4, existBit: 12, trayBit: 24, number: 24),
        Family(ids: 128...135, slots: 1, existBit: 4, trayBit: 16, number: 128, prefix: "HT-"),
    ]

    /// The maximum number of slots of a unit of an unknown kind. The largest announced unit has nine.
    package static let slotLimit = 16

    /// 254 and 255 are external spools.
    private static let range = 0...253

    /// `nil` if no unit can have the id.
    package init?(_ value: Int) {
        guard Self.range.contains(value) else { return nil }
        self.init(valid: value)
    }

    /// Reads the number of a unit in a health message. That of an AMS HT starts at 0 or at 128.
    init?(inMessage number: Int, isHT: Bool) {
        self.init(isHT && number < 128 ? number + 128 : number)
    }

    private init(valid value: Int) {
        rawValue = value
        place = Self.families.firstIndex { $0.ids.contains(value) }
    }

    private var family: Family? { place.map { Self.families[$0] } }

    /// Whether the id determines the number of slots.
    var isListed: Bool { place != nil }

    /// Whether the id is that of an AMS HT.
    var isHT: Bool { rawValue >= 128 && isListed }

    /// The number of slots of a unit with this id, filled or not; 0 if the id is not listed.
    package var slotCount: Int { family?.slots ?? 0 }

    /// The bit of the unit in `ams_exist_bits`; `nil` if it has none.
    var existBit: Int? {
        family.map { $0.existBit + rawValue - $0.ids.lowerBound }
    }

    /// The bit of the unit's first slot in `tray_exist_bits`; `nil` if it has none.
    var firstTrayBit: Int? {
        family.map { $0.trayBit + (rawValue - $0.ids.lowerBound) * $0.slots }
    }

    /// The bits of the unit's slots in `tray_exist_bits`; `nil` if it has none.
    func trayBits(in all: UInt64) -> UInt64? {
        firstTrayBit.map { all >> UInt64($0) & (1 << UInt64(slotCount) - 1) }
    }

    /// The slot of a number that counts over all units, as in `tray_now` and the account's tasks; `nil` if it is not
    /// valid.
    static func slot(number: Int) -> (unit: UnitID, slot: Int)? {
        families.lazy.compactMap { $0.slot(at: number, from: $0.number) }.first
    }

    /// The unit's name on the printer's screen: A to D, `HT-A` to `HT-H`, A for unit 16 of an A2L. A unit with an
    /// unlisted id has that id as its name, such as `40`.
    package var name: String {
        guard let family else { return String(rawValue) }
        let letter = Unicode.Scalar(UInt8(ascii: "A") + UInt8(clamping: rawValue - family.ids.lowerBound))
        return "\(family.prefix)\(letter)"
    }

    /// The slot's name on the printer's screen: A1 to D4, `HT-A` to `HT-H`, A1 to A4 for unit 16 of an A2L. A slot of a
    /// unit with an unlisted id is named after that id, such as `40-1`.
    package func label(slot: Int) -> String {
        guard let family else { return "\(name)-\(slot + 1)" }
        return family.slots == 1 && slot == 0 ? name : "\(name)\(slot + 1)"
    }
}

extension UnitID: Comparable {
    package static func < (left: UnitID, right: UnitID) -> Bool { left.rawValue < right.rawValue }
}

extension UnitID: CustomStringConvertible {
    /// The label `ams` of the unit's series.
    package var description: String { String(rawValue) }
}

extension UnitID: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) {
        self.init(valid: value)
    }
}
