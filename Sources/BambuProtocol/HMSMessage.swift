import JSONScanning

/// A message of the health management system that is active. Wire: `hms[]`. Source: Bambu Studio DevHMS.
package struct HMSMessage: Sendable, Hashable {
    package enum Level: Int, CaseIterable, Sendable {
        case fatal = 1, serious, common, info
        /// Neither the printer's screen nor the maker's software shows it.
        case hidden

        /// Spelled out: to ask the runtime for a case's name costs more than the sample that it is for.
        package var name: String {
            switch self {
            case .fatal: "fatal"
            case .serious: "serious"
            case .common: "common"
            case .info: "info"
            case .hidden: "hidden"
            }
        }
    }

    /// Where it comes from and what it is about; the wire's `attr`.
    let attribute: UInt32
    /// The wire's `code`, whose high half is the level.
    let number: UInt32
    package let level: Level

    /// `nil` for a number that has no level from 1 to 4, unless the message is a hidden one.
    init?(attribute: UInt32, number: UInt32) {
        self.attribute = attribute
        self.number = number
        if HiddenMessages.contain(attribute: attribute, number: number) {
            level = .hidden
        } else {
            guard let level = Level(rawValue: Int(number >> 16)), level != .hidden else { return nil }
            self.level = level
        }
    }

    /// The code as the maker's wiki writes it, such as `HMS_0300_0100_0001_0001`.
    package var code: String {
        let parts = [attribute >> 16, attribute & 0xFFFF, number >> 16, number & 0xFFFF]
        return "HMS_" + parts.map { Hexadecimal.text($0, digits: 4) }.joined(separator: "_")
    }

    /// The code as one number, the key of the maker's catalogue.
    var key: UInt64 { UInt64(attribute) << 32 | UInt64(number) }

    /// The part of the printer that speaks.
    package var module: String {
        switch attribute >> 24 {
        case 0x03: "motion_controller"
        case 0x05: "mainboard"
        case 0x07: "ams"
        case 0x08: "toolhead"
        case 0x0C: "xcam"
        case 0x12: "ams_lite"
        case 0x18: "ams_ht"
        default: "unknown"
        }
    }

    /// The slot of which the message says that its filament ran out; `nil` for every other message.
    ///
    /// `attr` has the module, the unit, and 0x20 to 0x23 for the slot. Source: the maker's catalogue.
    var emptySlot: (unit: UnitID, slot: Int)? {
        let part = attribute >> 8 & 0xFF
        guard [0x07, 0x12, 0x18].contains(attribute >> 24), (0x20..<0x30).contains(part) else { return nil }
        guard [0x2_0001, 0x2_0005, 0x3_0001, 0x3_0002].contains(number) else { return nil }
        let unit = Int(attribute >> 16 & 0xFF)
        // An AMS HT is counted from 0 or from 128.
        let id = attribute >> 24 == 0x18 && unit < 128 ? unit + 128 : unit
        return UnitID(id).map { ($0, Int(part - 0x20)) }
    }

    /// More than any printer was seen to have; what is beyond is dropped and counted.
    private static let limit = 256

    static let fields: [Field<PrintSection>] = [
        Field("hms") { reader, section in
            var messages: [HMSMessage] = []
            let isArray = try reader.array { reader in
                var wire = Wire()
                let before = reader.rejected
                guard try wireFields.read(&reader, into: &wire) != nil else { return }
                guard let attribute = wire.attribute, let number = wire.number,
                    let message = HMSMessage(attribute: attribute, number: number), messages.count < limit
                else { return reader.reject(unlessSince: before) }
                if !messages.contains(message) { messages.append(message) }
            }
            // The array is what is active now: an empty one clears.
            if isArray { section.state.hms = messages.sorted(by: isGraver) }
        }
    ]

    private static func isGraver(_ left: HMSMessage, _ right: HMSMessage) -> Bool {
        left.level == right.level ? left.key < right.key : left.level.rawValue < right.level.rawValue
    }

    private struct Wire {
        var attribute: UInt32?
        var number: UInt32?
    }

    private static let wireFields = FieldTable<Wire>([
        Field("attr") { try $0.bits(into: &$1.attribute) },
        Field("code") { try $0.bits(into: &$1.number) },
    ])
}
