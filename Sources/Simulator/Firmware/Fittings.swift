/// Doors, switches and parts of a printer that can be opened, set or changed.
package struct Fittings: Sendable, Equatable {
    /// The state of the memory card, as numbered on the wire.
    package enum Card: Int, Sendable {
        case absent, normal, abnormal, readOnly
    }

    /// A change of one part.
    package enum Change: Sendable, Equatable {
        case lid(isOpen: Bool)
        case card(Card)
        case developerMode(isOn: Bool)
        /// Whether the air duct exhausts, as for a laser, or follows the chamber's needs.
        case exhaust(isOn: Bool)
        /// The reasons by number why AMS units refuse to dry.
        case dryingRefusals([Int])
        /// Mounts the next hotend of the rack.
        case nextHotend
    }

    /// The number of places in the rack; an H2C has six.
    static let rackPlaces = 6

    package var isDoorOpen = false
    package var isLightOn = true
    /// Whether LAN live view of the camera is on.
    package var isLiveviewOn = true
    package private(set) var isLidOpen = false
    package private(set) var card = Card.normal
    package private(set) var isDeveloperModeOn = false
    package private(set) var isExhausting = false
    package private(set) var dryingRefusals: [Int] = []
    /// The place in the rack of the mounted hotend, from 0.
    package private(set) var mounted = 4
    /// The print time of each hotend of the rack, in seconds.
    package private(set) var hotendSeconds = [Double](repeating: 36_000, count: rackPlaces)
    /// The print time of the left or only nozzle, in seconds.
    package private(set) var nozzleSeconds = 90_000.0

    mutating func apply(_ change: Change) {
        switch change {
        case .lid(let isOpen): isLidOpen = isOpen
        case .card(let card): self.card = card
        case .developerMode(let isOn): isDeveloperModeOn = isOn
        case .exhaust(let isOn): isExhausting = isOn
        case .dryingRefusals(let reasons): dryingRefusals = reasons
        case .nextHotend: mounted = (mounted + 1) % Self.rackPlaces
        }
    }

    /// Adds print time to nozzle `active`.
    mutating func print(_ seconds: Double, with active: Int) {
        if active == 0 { hotendSeconds[mounted] += seconds }
        nozzleSeconds += seconds
    }
}
