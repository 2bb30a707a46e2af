/// Doors, switches and parts of a printer that can be opened, set or changed.
package struct Fittings: Sendable, Equatable {
    /// The state of the memory card, as numbered on the wire.
    package enum Card: Int, Sendable {
        case absent, normal, abnormal, readOnly
    }

    /// The number of places in the rack; an H2C has six.
    static let rackPlaces = 6

    var isDoorOpen = false
    var isLidOpen = false
    var isLiveviewOn = true
    var card = Card.normal
    var isDeveloperModeOn = false
    /// Whether the air duct exhausts, as for a laser, or follows the chamber's needs.
    var isExhausting = false
    /// The reasons by number why AMS units refuse to dry.
    var dryingRefusals: [Int] = []
    /// The place in the rack of the mounted hotend, from 0.
    private(set) var mounted = 4
    /// The print time of each hotend of the rack, in seconds.
    private(set) var hotendSeconds = [Double](repeating: 36_000, count: rackPlaces)
    /// The print time of the left or only nozzle, in seconds.
    private(set) var nozzleSeconds = 90_000.0

    mutating func mountNextHotend() {
        mounted = (mounted + 1) % Self.rackPlaces
    }

    mutating func print(_ seconds: Double, with active: Int) {
        if active == 0 { hotendSeconds[mounted] += seconds }
        nozzleSeconds += seconds
    }
}
