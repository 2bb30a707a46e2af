/// The fan speeds of a printer in fifteenths, as on the wire.
struct FanSpeeds: Equatable {
    let part: Int
    let auxiliary: Int
    let chamber: Int
    let heatbreak: Int

    init(of machine: Machine) {
        let hasSideFans = machine.model.facts.hasSideFans
        let isPrinting = machine.isPrinting
        // The part fan is off on the first layer, then varies as for overhangs.
        part = isPrinting && machine.layer > 1 ? 9 + machine.layer % 7 : 0
        auxiliary = isPrinting && hasSideFans && machine.layer > 3 ? 11 : 0
        chamber = isPrinting && hasSideFans ? 8 : 0
        heatbreak = machine.nozzles.contains { $0.temperature > 60 } ? 15 : 0
    }

    /// The same speeds as duties of 255: part, auxiliary and chamber from the lowest byte.
    var gear: Int { Self.duty(part) | Self.duty(auxiliary) << 8 | Self.duty(chamber) << 16 }

    static func duty(_ step: Int) -> Int { step * 17 }
    static func percent(_ step: Int) -> Int { step * 100 / 15 }
}
