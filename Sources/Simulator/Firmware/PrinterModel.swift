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
        package var hasChamberSensor = true
        package var hasChamberHeater: Bool {
            hasChamberSensor && (prefix == "03W" || dialect == .device && code != "N7")
        }
        /// Whether the lid has a switch.
        package var hasLid: Bool { code.hasPrefix("O1") }
        /// Whether it has auxiliary and chamber fans; A1, A1 mini and A2L have neither.
        package var hasSideFans = true
        package var units: [AMSUnit.Kind] = [.ams2Pro]
        /// The kind of its camera.
        var camera: SimulatedCamera.Kind { dialect == .delta ? .jpeg : .rtsp }
        /// The slot numbers of external spools: 254 on P1 and A1, 255 on models with `vir_slot`.
        package var external = [255]
    }

    package var facts: Facts {
        switch self {
        case .x1: Facts(prefix: "00W", code: "BL-P002", firmware: "01.07.02.00", dialect: .classic, units: [.ams])
        case .x1c: Facts(prefix: "00M", code: "BL-P001", firmware: "01.09.01.00", dialect: .x1, units: [.ams, .ams])
        case .x1e: Facts(prefix: "03W", code: "C13", firmware: "01.01.03.00", dialect: .classic, units: [.ams])
        case .p1p: p1(prefix: "01S", code: "C11", firmware: "01.07.00.00")
        case .p1s: p1(prefix: "01P", code: "C12", firmware: "01.08.02.00")
        case .p2s: Facts(prefix: "22E", code: "N7", firmware: "01.02.00.00", dialect: .device)
        case .a1: bedSlinger(prefix: "039", code: "N2S", firmware: "01.07.00.00")
        case .a1mini: bedSlinger(prefix: "030", code: "N1", firmware: "01.07.02.00")
        case .a2l: bedSlinger(prefix: "26A", code: "N9", firmware: "01.01.00.00")
        case .h2s: Facts(prefix: "093", code: "O1S", firmware: "01.02.00.00", dialect: .device)
        case .h2d: twoNozzles(prefix: "094", code: "O1D", firmware: "01.02.02.00")
        case .h2dpro: twoNozzles(prefix: "239", code: "O1E", firmware: "01.01.02.00")
        case .h2c: twoNozzles(prefix: "31B", code: "O1C2", firmware: "01.01.01.00")
        case .x2d: twoNozzles(prefix: "20P", code: "N6", firmware: "01.00.02.00")
        }
    }

    /// The frame rate of the camera, per second.
    ///
    /// Source: for P1 and A1 statements of the maker and comments in clients, for P2S a measurement by bambuddy
    /// (CHANGELOG.md); for the others the nominal rate.
    package var cameraRate: Double {
        switch self {
        case .p1p, .p1s: 0.5
        case .a1, .a1mini, .a2l: 1
        case .p2s: 15
        default: 30
        }
    }

    private func p1(prefix: String, code: String, firmware: String) -> Facts {
        Facts(
            prefix: prefix, code: code, firmware: firmware, dialect: .delta, hasChamberSensor: false, units: [.ams],
            external: [254])
    }

    private func bedSlinger(prefix: String, code: String, firmware: String) -> Facts {
        Facts(
            prefix: prefix, code: code, firmware: firmware, dialect: .delta, hasChamberSensor: false,
            hasSideFans: false, units: [.amsLite], external: [self == .a2l ? 255 : 254])
    }

    private func twoNozzles(prefix: String, code: String, firmware: String) -> Facts {
        Facts(
            prefix: prefix, code: code, firmware: firmware, dialect: .device, nozzles: 2, units: [.ams2Pro, .amsHT],
            external: [255, 254])
    }

    /// The model named `text`, ignoring case; `nil` if it is unknown.
    package init?(naming text: String) {
        let wanted = text.lowercased().filter { $0 != " " }
        guard let model = Self.allCases.first(where: { $0.rawValue.lowercased().filter { $0 != " " } == wanted })
        else { return nil }
        self = model
    }

    /// Returns a serial of this model that no real printer has: real ones continue with a factory date and number.
    package func serial(number: Int) -> String {
        let digits = String(900_000_000 + number % 100_000_000)
        return facts.prefix + "00A" + digits
    }
}
