import JSONScanning

/// Door, lid, network, and the switches and settings that a printer reports as bits.
package struct Hardware: Sendable, Equatable {
    /// Wire: `home_flag`, at times signed. Bits 7 estimate of what remains on spools, 8 and 9 storage, 10 auto refill, 23
    /// door of an X1. Source: Bambu Studio DeviceManager.cpp.
    private var homeFlag: UInt32?
    /// Wire: `stat`. Bit 23 is the door of H2, P2S and X2D, bit 24 the lid of an H2. Source: bambuddy; Bambu Studio.
    private var stat: UInt64?
    /// Wire: `aux`. Bits 12 and 13 storage.
    private var aux: UInt64?
    /// Wire: `fun`. Bit 29 is set where commands must be signed. Source: Bambu Studio; open-bamboo-networking.
    private var functions: UInt64?
    /// Wire: `cfg`. Bits 17 estimate of what remains on spools, 18 auto refill; newer firmware may send it without
    /// `home_flag`. Source: open-bamboo-networking.
    private var settings: UInt64?
    /// Wire: `sdcard`, a flag or a text such as "HAS_SDCARD_NORMAL".
    private var card: Storage?
    /// Whether `sdcard` is a flag, which does not tell in what state the card is.
    private var isCardFlag = false
    /// dBm. Wire: `wifi_signal`.
    private var signal: Double?
    /// Wire: `net.conf`, bit 0 of which is set on a cable.
    private var networkFlags: Int?
    /// Wire: `upgrade_state.new_version_state`: 0 unknown, 1 there is one, 2 there is none.
    private var updateState: Int?
    /// Wire: `upgrade_state.ota_new_version_number`.
    private var newVersion = ""

    /// Whether the door stands open; absent where there is no switch, or firmware too old to tell.
    package func isDoorOpen(on model: Model, firmware: String) -> Bool? {
        switch model.door {
        case .none: nil
        case .stat: stat.map { $0 >> 23 & 1 == 1 }
        case .homeFlag(let version):
            firmware.isEmpty || firmware < version ? nil : homeFlag.map { $0 >> 23 & 1 == 1 }
        }
    }

    /// Whether the lid stands open; absent where there is no switch.
    package func isLidOpen(on model: Model) -> Bool? {
        model.hasLidSwitch ? stat.map { $0 >> 24 & 1 == 1 } : nil
    }

    /// The card or stick in the printer.
    package var storage: Storage? {
        if let aux { return Storage(bits: aux >> 12) }
        let homeState = homeFlag.map { Storage(bits: UInt64($0) >> 8) }
        // Short reports may clear the bits of `home_flag` with a card in (bambuddy).
        guard let card else { return homeState }
        return isCardFlag && card == .normal && homeState != .absent ? homeState ?? card : card
    }

    /// Whether commands need no signature; absent where the printer does not say.
    package var isDeveloperModeEnabled: Bool? {
        functions.map { $0 >> 29 & 1 == 0 }
    }

    /// Whether the printer estimates what remains on tagged spools; absent where it does not say.
    var isEstimating: Bool? {
        homeFlag.map { $0 >> 7 & 1 == 1 } ?? settings.map { $0 >> 17 & 1 == 1 }
    }

    /// Whether the printer goes on with another spool of the same filament when one ends.
    package var isAutoRefillEnabled: Bool? {
        homeFlag.map { $0 >> 10 & 1 == 1 } ?? settings.map { $0 >> 18 & 1 == 1 }
    }

    /// dBm; absent on a cable, where X1 and H2 say a constant -90.
    package var wifiSignal: Double? {
        networkFlags.map { $0 & 1 == 1 } == true ? nil : signal
    }

    /// Whether the printer knows of newer firmware; absent while it does not know.
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

    /// `"-45dBm"`, `"-45"` or a number.
    private static func signal(_ reader: inout FieldReader, into target: inout Double?) throws {
        let scalar = try reader.scanner.scalar()
        let value: Double?
        switch scalar {
        case .null: return
        case .string(let text): value = text.dropping(suffix: "dBm").number
        default: value = scalar.number
        }
        guard let value else { return reader.reject() }
        // 0 and above is no signal strength that a receiver can have.
        guard (-120..<0).contains(value) else {
            target = nil
            return reader.reject()
        }
        target = value
    }
}
