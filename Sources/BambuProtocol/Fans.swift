import JSONScanning

/// The fans of a printer, each from 0 to 100 %.
///
/// Source: Bambu Studio DevFan; ha-bambulab; bambuddy bambu_mqtt.py.
package struct Fans: Sendable, Equatable {
    package enum Fan: String, CaseIterable, Sendable {
        case part, auxiliary, chamber, heatbreak, inner, mainboard
        case leftAuxiliary = "left_auxiliary"
        case secondHeatbreak = "second_heatbreak"
    }

    // Speeds from the old fields, which printers with an airduct send as well.
    private var part: Double?
    private var auxiliary: Double?
    private var chamber: Double?
    private var heatbreak: Double?
    package internal(set) var airduct = Airduct()

    /// The fans that a printer of this model has, if their speed is known. A fan of an unknown number is `fan_N`.
    package func speeds(on model: Model) -> [(name: String, percent: Double)] {
        Fan.allCases.compactMap { fan in percent(of: fan, on: model).map { (fan.rawValue, $0) } }
            + airduct.unknownFans(on: model)
    }

    private func percent(of fan: Fan, on model: Model) -> Double? {
        switch fan {
        case .heatbreak: heatbreak ?? airduct.percent(of: fan, on: model)
        // Printers without the fans send the fields too, and an A2L also the airduct's list.
        case .auxiliary where !model.hasEnclosureFans, .chamber where !model.hasEnclosureFans: nil
        case _ where airduct.listsFans: airduct.percent(of: fan, on: model)
        case .part: part
        case .auxiliary: auxiliary
        case .chamber: chamber
        default: nil
        }
    }

    static let fields: [Field<PrintSection>] = [
        Field("cooling_fan_speed") { try steps(&$0, into: &$1.state.fans.part) },
        Field("big_fan1_speed") { try steps(&$0, into: &$1.state.fans.auxiliary) },
        Field("big_fan2_speed") { try steps(&$0, into: &$1.state.fans.chamber) },
        Field("heatbreak_fan_speed") { try steps(&$0, into: &$1.state.fans.heatbreak) },
    ]

    /// Reads steps of a fifteenth. Some firmware sends 0 to 255 instead.
    private static func steps(_ reader: inout FieldReader, into percent: inout Double?) throws {
        switch try reader.number(in: 0...255) {
        case .nothing: return
        case .unusable: percent = nil
        case .value(let value): percent = value * 100 / (value > 15 ? 255 : 15)
        }
    }
}
