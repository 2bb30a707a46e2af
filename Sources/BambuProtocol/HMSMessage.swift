import JSONScanning

/// An active message of the health management system. Wire: `hms[]`. Source: Bambu Studio DevHMS.
package struct HMSMessage: Sendable, Hashable {
    package enum Level: Int, CaseIterable, Sendable {
        case fatal = 1, serious, common, info
        /// The printer's screen and the manufacturer's software do not show it.
        case hidden

        /// The names are listed: reading a case's name from the runtime is slower than writing the sample.
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

    /// The origin and subject of the message. Wire: `attr`.
    let attribute: UInt32
    /// Wire: `code`, whose high half is the level.
    let number: UInt32
    package let level: Level

    /// `nil` if the number has no level from 1 to 4, unless the message is a hidden one.
    init?(attribute: UInt32, number: UInt32) {
        self.attribute = attribute
        self.number = number
        let isHidden = HiddenMessages.contain(attribute: attribute, number: number)
        guard isHidden || 1...4 ~= number >> 16, let level = isHidden ? .hidden : Level(rawValue: Int(number >> 16))
        else { return nil }
        self.level = level
    }

    /// The code in the form of the manufacturer's wiki, such as `HMS_0300_0100_0001_0001`.
    package var code: String { "HMS_" + Hexadecimal.groups(of: key, count: 4) }

    /// The code as one number, which is the key in the manufacturer's catalogue.
    var key: UInt64 { UInt64(attribute) << 32 | UInt64(number) }

    /// The part of the printer that the message comes from.
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

    /// The slot that ran out of filament; `nil` if the message reports something else.
    ///
    /// `attr` contains the module, the unit, and 0x20 to 0x23 for the slot. Source: the manufacturer's catalogue.
    var emptySlot: (unit: UnitID, slot: Int)? {
        let part = attribute >> 8 & 0xFF
        guard [0x07, 0x12, 0x18].contains(attribute >> 24), (0x20..<0x30).contains(part) else { return nil }
        guard [0x2_0001, 0x2_0005, 0x3_0001, 0x3_0002].contains(number) else { return nil }
        let unit = UnitID(inMessage: Int(attribute >> 16 & 0xFF), isHT: attribute >> 24 == 0x18)
        return unit.map { ($0, Int(part - 0x20)) }
    }

    /// More messages than any printer was seen to send. Further ones are dropped and counted.
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
            // The array contains all active messages, so an empty one clears them.
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
