import JSONScanning

/// The airduct: its mode and the installed fans. Wire: `device.airduct` of H2, P2S, X2D and, in part, A2L.
///
/// Source: Bambu Studio DevFan; ha-bambulab.
package struct Airduct: Sendable, Equatable {
    /// Fans by number, in the order of the list; empty on models without the list.
    private var fans: [Part] = []
    private var modeNumber: Int?

    /// A fan. Doors are left out.
    fileprivate struct Part: Sendable, Equatable {
        let number: Int
        let percent: Double
    }

    /// Whether the printer lists its fans.
    var listsFans: Bool { !fans.isEmpty }

    /// The name of the mode; `mode_N` for an unknown number, `nil` if there is no mode.
    package var mode: String? {
        modeNumber.flatMap { number in
            switch number {
            case -1: nil
            case 0: "cooling"
            case 1: "heating"
            case 2: "exhaust"
            case 3: "full_cooling"
            case 255: "initializing"
            default: "mode_\(number)"
            }
        }
    }

    /// The speed of a fan in percent; `nil` if the list does not contain it.
    func percent(of fan: Fans.Fan, on model: Model) -> Double? {
        fans.first { Self.fan($0.number, on: model) == fan }?.percent
    }

    /// The fans of unknown numbers, by the name `fan_N`.
    func unknownFans(on model: Model) -> [(name: String, percent: Double)] {
        fans.filter { Self.fan($0.number, on: model) == nil }.map { ("fan_\($0.number)", $0.percent) }
    }

    /// The fan of a number; `nil` if the number is not known. The side of an auxiliary fan depends on the model.
    private static func fan(_ number: Int, on model: Model) -> Fans.Fan? {
        switch number {
        case 0: .heatbreak
        case 1: .part
        case 2: model.secondAuxiliary == .right ? .leftAuxiliary : .auxiliary
        case 3: .chamber
        case 4: .secondHeatbreak
        case 5: .mainboard
        case 6: .inner
        case 10: model.secondAuxiliary == .right ? .auxiliary : .leftAuxiliary
        default: nil
        }
    }

    /// The airduct of one message. It is merged after the whole message was read, because only then it is known whether
    /// the message is full.
    struct Delta {
        fileprivate var fans: [Part]?
        fileprivate var modeNumber: Int?
    }

    /// Merges a message. A partial list of fans adds to the known ones.
    mutating func merge(_ delta: Delta, isFull: Bool) {
        modeNumber = delta.modeNumber ?? modeNumber
        guard let new = delta.fans else { return }
        fans = isFull ? new : fans.filter { old in !new.contains { $0.number == old.number } } + new
    }

    static let fields = FieldTable<Delta>([
        Field("modeCur") { try $0.integer(in: -1...255, into: &$1.modeNumber) },
        Field("parts") { try $1.readParts(&$0) },
    ])
}

extension Airduct.Delta {
    /// More parts than any printer has. Further ones are dropped and counted.
    private static let limit = 16

    fileprivate mutating func readParts(_ reader: inout FieldReader) throws {
        var found: [Airduct.Part] = []
        let isArray = try reader.array { reader in
            var part = Wire()
            try Self.partFields.read(&reader, into: &part)
            // The low four bits are 0 for a fan, and not 0 for a door.
            guard let id = part.id, let state = part.state, id & 0xF == 0 else { return }
            let percent = Double(state & 0xFF)
            guard percent <= 100, found.count < Self.limit else { return reader.reject() }
            let number = id >> 4 & 0xFF
            found.removeAll { $0.number == number }
            found.append(Airduct.Part(number: number, percent: percent))
        }
        if isArray { fans = found }
    }

    /// One element of `device.airduct.parts`.
    private struct Wire {
        var id: Int?
        var state: Int?
    }

    private static let partFields = FieldTable<Wire>([
        Field("id") { try $0.integer(in: 0...0xFFFF, into: &$1.id) },
        Field("state") { try $0.integer(in: 0...Int(UInt32.max), into: &$1.state) },
    ])
}
