import JSONScanning

/// Door, lid, network, and the switches and settings that a printer reports as bits.
package struct Hardware: Sendable, Equatable {
    /// Wire: `home_flag`, sometimes signed. Bit 7 is the estimate of what remains on spools, 8 and 9 are storage, 10 is
    /// auto refill, 23 is the door of an X1. Source: Bambu Studio DeviceManager.cpp.
    private var homeFlag: UInt32?
    /// Wire: `stat`. Bit 23 is the door of H2, P2S and X2D, bit 24 the lid of an H2. Source: bambuddy; Bambu Studio.
    private var stat: UInt64?
    /// Wire: `aux`. Bits 12 and 13 are storage.
    private var aux: UInt64?
    /// Wire: `fun`. Bit 29 is set if commands must be signed. Source: Bambu Studio; open-bamboo-networking.
    private var functions: UInt64?
    /// Wire: `cfg`. Bit 17 is the estimate of what remains on spools, 18 is auto refill. Newer firmware may send it
    /// without `home_flag`. Source: open-bamboo-networking.
    private var settings: UInt64?
    /// Wire: `sdcard`, a flag or a string such as "HAS_SDCARD_NORMAL".
    private var card: Storage?
    /// Whether `sdcard` is a flag, which does not contain the state of the card.
    private var isCardFlag = false
    /// dBm. Wire: `wifi_signal`.
    private var signal: Double?
    /// Wire: `net.conf`. Bit 0 is set if a cable is connected.
    private var networkFlags: Int?
    /// Wire: `upgrade_state.new_version_state`: 0 unknown, 1 an update is available, 2 no update is available.
    private var updateState: Int?
    /// Wire: `upgrade_state.ota_new_version_number`.
    private var newVersion = ""

    /// Whether the door is open; `nil` if there is no switch or the firmware does not report it.
    package func isDoorOpen(on model: Model, firmware: String) -> Bool? {
        switch model.door {
        case .none: nil
        case .stat: stat.map { $0 >> 23 & 1 == 1 }
        case .homeFlag(let version):
            firmware.isEmpty || firmware < version ? nil : homeFlag.map { $0 >> 23 & 1 == 1 }
        }
    }

    /// Whether the lid is open; `nil` if there is no switch.
    package func isLidOpen(on model: Model) -> Bool? {
        model.hasLidSwitch ? stat.map { $0 >> 24 & 1 == 1 } : nil
    }

    /// The state of the card or stick in the printer; `nil` if it is not known.
    package var storage: Storage? {
        if let aux { return Storage(bits: aux >> 12) }
        let homeState = homeFlag.map { Storage(bits: UInt64($0) >> 8) }
        // Short reports may clear the bits of `home_flag` while a card is inserted (bambuddy).
        guard let card else { return homeState }
        return isCardFlag && card == .normal && homeState != .absent ? homeState ?? card : card
    }

    /// Whether commands need no signature; `nil` if the printer does not report it.
    package var isDeveloperModeEnabled: Bool? {
        functions.map { $0 >> 29 & 1 == 0 }
    }

    /// Whether the printer estimates what remains on tagged spools; `nil` if it does not report it.
    var isEstimating: Bool? {
        homeFlag.map { $0 >> 7 & 1 == 1 } ?? settings.map { $0 >> 17 & 1 == 1 }
    }

    /// Whether the printer continues with another spool of the same filament when one runs out.
    package var isAutoRefillEnabled: Bool? {
        homeFlag.map { $0 >> 10 & 1 == 1 } ?? settings.map { $0 >> 18 & 1 == 1 }
    }

    /// dBm; `nil` on a cable, where X1 and H2 send a constant -90.
    package var wifiSignal: Double? {
        networkFlags.map { $0 & 1 == 1 } == true ? nil : signal
    }

    /// Whether newer firmware is available; `nil` if the printer does not know it.
    package var isUpdateAvailable: Bool? {
        switch updateState {
        case 1: true
        case 2: false
        default: newVersion.isEmpty ? nil : true
        }
    }

    static let fields: [Field<PrintSection>] = [
        Field("home_flag") { try $0.bits(into: &$1.state.hardware.homeFlag) },
        Field("stat") { try $0.hexadecimal(into: &$1.state.hardware.stat) },
        Field("aux") { try $0.hexadecimal(into: &$1.state.hardware.aux) },
        Field("cfg") { try $0.hexadecimal(into: &$1.state.hardware.settings) },
        Field("fun") { try $0.hexadecimal(into: &$1.state.hardware.functions) },
        Field("sdcard") { try $1.state.hardware.readCard(&$0) },
        Field("wifi_signal") { try signal(&$0, into: &$1.state.hardware.signal) },
        Field("net") { try netFields.read(&$0, into: &$1.state.hardware) },
        Field("upgrade_state") { try upgradeFields.read(&$0, into: &$1.state.hardware) },
    ]

    private static let netFields = FieldTable<Hardware>([
        Field("conf") { try $0.integer(in: 0...Int(UInt32.max), into: &$1.networkFlags) }
    ])

    private static let upgradeFields = FieldTable<Hardware>([
        Field("new_version_state") { try $0.integer(in: 0...255, into: &$1.updateState) },
        Field("ota_new_version_number") { try $0.text(into: &$1.newVersion) },
    ])

    private mutating func readCard(_ reader: inout FieldReader) throws {
        guard try reader.scanner.peek() == .string else {
            var flag: Bool?
            try reader.flag(into: &flag)
            if let flag { (card, isCardFlag) = (flag ? .normal : .absent, true) }
            return
        }
        var text = ""
        try reader.text(into: &text)
        switch text {
        case "HAS_SDCARD_NORMAL": (card, isCardFlag) = (.normal, false)
        case "HAS_SDCARD_ABNORMAL": (card, isCardFlag) = (.abnormal, false)
        case "HAS_SDCARD_READONLY": (card, isCardFlag) = (.readOnly, false)
        case "NO_SDCARD": (card, isCardFlag) = (.absent, false)
        case "true", "1": (card, isCardFlag) = (.normal, true)
        case "false", "0": (card, isCardFlag) = (.absent, true)
        default: reader.reject()
        }
    }

    /// Reads `"-45dBm"`, `"-45"` or a number.
    private static func signal(_ reader: inout FieldReader, into target: inout Double?) throws {
        let scalar = try reader.scanner.scalar()
        let value: Double?
        switch scalar {
        case .null: return
        case .string(let text): value = text.dropping(suffix: "dBm").number
        default: value = scalar.number
        }
        guard let value else { return reader.reject() }
        // A receiver cannot have a signal strength of 0 or above.
        guard (-120..<0).contains(value) else {
            target = nil
            return reader.reject()
        }
        target = value
    }
}
