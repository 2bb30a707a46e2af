/// The printers that can be simulated, by their product names.
package enum PrinterModel: String, Sendable, CaseIterable {
    case x1 = "X1"
    case x1c = "X1C"
    case x1e = "X1E"
    case p1p = "P1P"
    case p1s = "P1S"
    case p2s = "P2S"
    case a1 = "A1"
    case a1mini = "A1 mini"
    case a2l = "A2L"
    case h2s = "H2S"
    case h2d = "H2D"
    case h2dpro = "H2D Pro"
    case h2c = "H2C"
    case x2d = "X2D"

    /// The report format of a model family's firmware.
    package enum Dialect: Sendable {
        /// X1 before 01.08: a complete report each second, without `msg`.
        case classic
        /// X1C from 01.08: complete, with `msg` and a `device` section.
        case x1
        /// P1, A1: deltas with an increasing `sequence_id`, and a full report on request.
        case delta
        /// H2, P2S, X2D: complete, with all new fields under `device`.
        case device
    }

    /// The properties in which models differ on the wire.
    package struct Facts: Sendable {
        /// The first three characters of a serial.
        package let prefix: String
        /// The model code in discovery and `project_name`.
        package let code: String
        /// Wire: `sw_ver` of the module `ota`.
        package let firmware: String
        package let dialect: Dialect
        package var nozzles = 1
        /// Whether it has auxiliary and chamber fans; A1, A1 mini and A2L have neither.
        package var hasSideFans = true

        /// Whether its reports have the sections of newer firmware.
        var isNew: Bool { dialect == .device || dialect == .x1 }
        package var hasChamberSensor: Bool { dialect != .delta }
        package var hasChamberHeater: Bool { prefix == "03W" || dialect == .device && code != "N7" }
        /// Whether the lid has a switch.
        package var hasLid: Bool { code.hasPrefix("O1") }
        var hasRTSPCamera: Bool { dialect != .delta }

        /// The AMS units that come with the model.
        package var units: [AMSUnit.Kind] {
            switch dialect {
            case .classic: [.ams]
            case .x1: [.ams, .ams]
            case .delta: hasSideFans ? [.ams] : [.amsLite]
            case .device: nozzles > 1 ? [.ams2Pro, .amsHT] : [.ams2Pro]
            }
        }

        /// The slot numbers of external spools: 254 on P1 and A1, 255 on models with `vir_slot`.
        package var external: [Int] {
            if dialect == .delta, code != "N9" { return [254] }
            return nozzles > 1 ? [255, 254] : [255]
        }
    }

    package var facts: Facts {
        switch self {
        case .x1: Facts(prefix: "00W", code: "BL-P002", firmware: "01.07.02.00", dialect: .classic)
        case .x1c: Facts(prefix: "00M", code: "BL-P001", firmware: "01.09.01.00", dialect: .x1)
        case .x1e: Facts(prefix: "03W", code: "C13", firmware: "01.01.03.00", dialect: .classic)
        case .p1p: Facts(prefix: "01S", code: "C11", firmware: "01.07.00.00", dialect: .delta)
        case .p1s: Facts(prefix: "01P", code: "C12", firmware: "01.08.02.00", dialect: .delta)
        case .p2s: Facts(prefix: "22E", code: "N7", firmware: "01.02.00.00", dialect: .device)
        case .a1: Facts(prefix: "039", code: "N2S", firmware: "01.07.00.00", dialect: .delta, hasSideFans: false)
        case .a1mini: Facts(prefix: "030", code: "N1", firmware: "01.07.02.00", dialect: .delta, hasSideFans: false)
        case .a2l: Facts(prefix: "26A", code: "N9", firmware: "01.01.00.00", dialect: .delta, hasSideFans: false)
        case .h2s: Facts(prefix: "093", code: "O1S", firmware: "01.02.00.00", dialect: .device)
        case .h2d: Facts(prefix: "094", code: "O1D", firmware: "01.02.02.00", dialect: .device, nozzles: 2)
        case .h2dpro: Facts(prefix: "239", code: "O1E", firmware: "01.01.02.00", dialect: .device, nozzles: 2)
        case .h2c: Facts(prefix: "31B", code: "O1C2", firmware: "01.01.01.00", dialect: .device, nozzles: 2)
        case .x2d: Facts(prefix: "20P", code: "N6", firmware: "01.00.02.00", dialect: .device, nozzles: 2)
        }
    }

    /// The frame rate of the camera, per second. Source: for P1 and A1 statements of the maker and comments in
    /// clients, for P2S a measurement by bambuddy (CHANGELOG.md); for the others the nominal rate.
    package var cameraRate: Double {
        switch self {
        case .p1p, .p1s: 0.5
        case .a1, .a1mini, .a2l: 1
        case .p2s: 15
        default: 30
        }
    }

    /// The name in lower case without blanks, such as `a1mini`.
    var shortName: String { Self.shortened(rawValue) }

    private static func shortened(_ name: String) -> String { name.lowercased().filter { $0 != " " } }

    /// The model named `text`, ignoring case and blanks; `nil` if it is unknown.
    package init?(naming text: String) {
        guard let model = Self.allCases.first(where: { $0.shortName == Self.shortened(text) }) else { return nil }
        self = model
    }

    /// Returns a serial of this model that no real printer has: real ones continue with a factory date and number.
    package func serial(number: Int) -> String {
        "\(facts.prefix)00A\(900_000_000 + number % 100_000_000)"
    }
}
