/// Doors, switches and parts of a printer that can be opened, set and changed.
package struct Fittings: Sendable, Equatable {
    /// The card or stick, by the numbers on the wire.
    package enum Card: Int, Sendable {
        case absent, normal, abnormal, readOnly
    }

    /// One thing that is opened, set or changed.
    package enum Change: Sendable, Equatable {
        case lid(isOpen: Bool)
        case card(Card)
        case developerMode(isOn: Bool)
        /// Leads air out, as for a laser; or as the chamber needs it.
        case exhaust(isOn: Bool)
        /// AMS units refuse to dry, for these reasons by number.
        case dryingRefusals([Int])
        /// Mounts the next hotend of the rack.
        case nextHotend
    }

    /// Places of the rack; an H2C has six.
    static let rackPlaces = 6

    package var isDoorOpen = false
    package var isLightOn = true
    /// Whether the camera may be looked at over the local network.
    package var isLiveviewOn = true
    package private(set) var isLidOpen = false
    package private(set) var card = Card.normal
    package private(set) var isDeveloperModeOn = false
    package private(set) var isExhausting = false
    package private(set) var dryingRefusals: [Int] = []
    /// The place of the rack that the mounted hotend belongs to, from 0 on.
    package private(set) var mounted = 4
    /// Seconds that each hotend of the rack has printed.
    package private(set) var hotendSeconds = [Double](repeating: 36_000, count: rackPlaces)
    /// Seconds that the left nozzle, or the only one, has printed.
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

    /// Lets nozzle `active` print for some seconds.
    mutating func print(_ seconds: Double, with active: Int) {
        if active == 0 { hotendSeconds[mounted] += seconds }
        nozzleSeconds += seconds
    }
}
