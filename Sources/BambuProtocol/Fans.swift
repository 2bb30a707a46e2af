import JSONScanning

/// The fans of a printer, each from 0 to 100 %.
///
/// Source: Bambu Studio DevFan; ha-bambulab; bambuddy bambu_mqtt.py.
package struct Fans: Sendable, Equatable {
    package enum Fan: String, CaseIterable, Sendable {
        case part, auxiliary, chamber, heatbreak, inner
        case leftAuxiliary = "left_auxiliary"

        /// Reads the id of `device.airduct.parts[]`, whose second to ninth bit is the kind.
        init?(airductID id: Int) {
            switch id >> 4 & 0xFF {
            case 1: self = .part
            case 2: self = .auxiliary
            case 3: self = .chamber
            case 6: self = .inner
            case 10: self = .leftAuxiliary
            default: return nil
            }
        }
    }

    /// Of the old fields, in the order of `Fan`: part, auxiliary, chamber, heatbreak.
    private var flat = [Double?](repeating: nil, count: 4)
    /// Of `device.airduct.parts`, which lists the fans that are fitted; `nil` on models without it.
    private var airduct: [Fan: Double]?

    /// The fans that a printer of this model has and whose speed is known.
    package func speeds(on model: Model) -> [(fan: Fan, percent: Double)] {
        Fan.allCases.compactMap { fan in percent(of: fan, on: model).map { (fan, $0) } }
    }

    private func percent(of fan: Fan, on model: Model) -> Double? {
        switch fan {
        case .heatbreak: flat[3]
        // The fields, and on an A2L the airduct's list too, are there without the fans.
        case .auxiliary where !model.hasEnclosureFans, .chamber where !model.hasEnclosureFans: nil
        case _ where airduct != nil: airduct?[fan]
        case .part: flat[0]
        case .auxiliary: flat[1]
        case .chamber: flat[2]
        default: nil
        }
    }

    static let fields: [Field<PrintSection>] = [
        Field("cooling_fan_speed") { try steps(&$0, into: &$1.state.fans.flat[0]) },
        Field("big_fan1_speed") { try steps(&$0, into: &$1.state.fans.flat[1]) },
        Field("big_fan2_speed") { try steps(&$0, into: &$1.state.fans.flat[2]) },
        Field("heatbreak_fan_speed") { try steps(&$0, into: &$1.state.fans.flat[3]) },
    ]

    /// Steps of a fifteenth; a few firmwares send 0 to 255 instead.
    private static func steps(_ reader: inout FieldReader, into percent: inout Double?) throws {
        switch try reader.number(in: 0...255) {
        case .nothing: return
        case .unusable: percent = nil
        case .value(let value): percent = value * 100 / (value > 15 ? 255 : 15)
        }
    }

    /// `device.airduct`.
    static let airductFields = FieldTable<Fans>([
        Field("parts") { reader, fans in
            var found: [Fan: Double] = [:]
            let isArray = try reader.array { reader in
                var part = Part()
                try partFields.read(&reader, into: &part)
                guard let fan = part.id.flatMap(Fan.init(airductID:)), let state = part.state else { return }
                let percent = Double(state & 0xFF)
                guard percent <= 100 else { return reader.reject() }
                found[fan] = percent
            }
            if isArray { fans.airduct = found.isEmpty ? nil : found }
        }
    ])

    /// One element of `device.airduct.parts`.
    private struct Part {
        var id: Int?
        var state: Int?
    }

    private static let partFields = FieldTable<Part>([
        Field("id") { try $0.integer(in: 0...0xFFFF, into: &$1.id) },
        Field("state") { try $0.integer(in: 0...Int(UInt32.max), into: &$1.state) },
    ])
}
