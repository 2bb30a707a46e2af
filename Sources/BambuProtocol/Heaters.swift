import JSONScanning

/// The temperatures of the heated bed and the chamber.
package struct Heaters: Sendable, Equatable {
    /// The plausible range of a bed in °C.
    static let bedRange = -20.0...150.0
    /// The plausible range of a chamber in °C.
    static let chamberRange = -20.0...100.0

    /// Wire: `bed_temper` and `bed_target_temper`, which have fractions on P1 and A1.
    private var bedFlat = Temperature()
    /// Wire: `device.bed.info.temp`, packed, on models from the X1C 01.09 on.
    private var bedPacked = Temperature()
    /// Wire: `chamber_temper` and `ctt`, from firmware without the controller below.
    private var chamberFlat = Temperature()
    /// Wire: `device.ctc.info.temp` (X1C from 01.09, H2, P2S, X2D), packed.
    private var chamberController = Temperature()

    /// Wire: `device.ctc.state`, whose low four bits are the number of a `ChamberHeater`.
    private var controllerState: UInt32?

    /// What the chamber heater does, in the order of the numbers on the wire. Source: bambulab_metrics_exporter.
    package enum ChamberHeater: String, CaseIterable, Sendable {
        case idle, heating, holding, cooling
    }

    /// The bed of a printer of this model; absent for models without one.
    package func bed(of model: Model) -> Temperature {
        guard model.hasBed else { return Temperature() }
        return bedFlat.measured == nil && bedFlat.target == nil ? bedPacked : bedFlat
    }

    /// What the chamber's heater does; absent for models without one, and if the firmware does not report it.
    package func chamberHeater(of model: Model) -> ChamberHeater? {
        guard model.hasChamberHeater, let number = controllerState.map({ Int($0 & 0xF) }),
            ChamberHeater.allCases.indices.contains(number)
        else { return nil }
        return ChamberHeater.allCases[number]
    }

    /// The chamber of a printer of this model; without values if there is no sensor. A1, P1 and A2L then send a
    /// constant 5.
    package func chamber(of model: Model) -> Temperature {
        guard model.hasChamberSensor else { return Temperature() }
        if chamberController == Temperature(), !model.isKnown, chamberFlat.measured == 5 { return Temperature() }
        return Temperature(
            measured: chamberController.measured ?? chamberFlat.measured,
            target: chamberController.target ?? chamberFlat.target)
    }

    static let fields: [Field<PrintSection>] = [
        Field("bed_temper") { try $0.number(in: bedRange, into: &$1.state.heaters.bedFlat.measured) },
        Field("bed_target_temper") { try $0.number(in: bedRange, into: &$1.state.heaters.bedFlat.target) },
        Field("chamber_temper") { try chamber(&$0, into: &$1.state.heaters) },
        Field("ctt") { try $0.number(in: chamberRange, into: &$1.state.heaters.chamberFlat.target) },
        Field("mc_target_cham") { try $0.number(in: chamberRange, into: &$1.state.heaters.chamberFlat.target) },
    ]

    /// Reads `chamber_temper`. Some H2D firmware sends it packed, as a number above 500 if there is a target.
    private static func chamber(_ reader: inout FieldReader, into heaters: inout Heaters) throws {
        switch try reader.number(in: -20...Double(UInt32.max)) {
        case .nothing: return
        case .value(let value) where value > 500: heaters.chamberFlat.unpack(Int(value), in: chamberRange, &reader)
        case .value(let value) where chamberRange.contains(value): heaters.chamberFlat.measured = value
        case .value:
            reader.reject()
            heaters.chamberFlat.measured = nil
        case .unusable: heaters.chamberFlat.measured = nil
        }
    }

    /// The fields of `device.bed`.
    static let bedFields = FieldTable<Heaters>([
        Field("info") { reader, heaters in
            try Temperature.packedObject(&reader, in: bedRange, into: &heaters.bedPacked)
        }
    ])

    /// The fields of `device.ctc`.
    static let chamberFields = FieldTable<Heaters>([
        Field("info") { reader, heaters in
            try Temperature.packedObject(&reader, in: chamberRange, into: &heaters.chamberController)
        },
        Field("state") { try $0.bits(into: &$1.controllerState) },
    ])
}
