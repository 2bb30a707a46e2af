package typealias Fault = TimedFault<PrinterFault>

/// Something that goes wrong with one printer.
package enum PrinterFault: String, FaultKind {
    /// It sends nothing more, while its connections stay open.
    case silence
    /// It reports, but answers no request.
    case deaf
    /// Its broker is down, and its port is closed.
    case disconnect
    /// It sends payloads that are not reports between its reports.
    case garbage
    /// It refuses its access code.
    case refuse
    /// It shows another certificate than before.
    case wrongCertificate = "wrong-certificate"
    /// Its broker does not allow subscribing to its reports.
    case denySubscription = "deny-subscription"
    /// It accepts each session and ends it again, as a printer with too many sessions does.
    case kick
    /// It never answers a hello that offers TLS 1.3.
    case mutesTLS13 = "tls13-silent"
    /// The view over the local network is switched off; RTSP cameras only.
    case liveviewOff = "liveview-off"
    /// The camera's port is closed.
    case cameraOff = "camera-off"
    /// The camera refuses viewers, as it does while it has another one.
    case cameraBusy = "camera-busy"
    /// The camera closes the connection after the TLS handshake.
    case cameraClose = "camera-close"
    /// The camera refuses the access code.
    case cameraRefuse = "camera-refuse"
    /// The camera sends nothing after the handshake.
    case cameraMute = "camera-mute"
    /// The camera sends some pictures, and then nothing more.
    case cameraStall = "camera-stall"
    /// The camera sends its answers at a byte a second.
    case cameraDribble = "camera-dribble"
    /// The camera sends the same picture again and again.
    case cameraFrozen = "camera-frozen"
    /// The camera closes in the middle of a picture; JPEG only, as the three below.
    case cameraTruncate = "camera-truncate"
    /// The camera announces a picture of 4 GB.
    case cameraSize = "camera-size"
    /// The camera sends a header and no picture behind it.
    case cameraHeader = "camera-header"
    /// The camera sends bytes that are not a picture.
    case cameraNoise = "camera-noise"
    /// Its AMS units are wet; dry again afterwards.
    case wet
    /// The spool in its first slot is nearly empty; a full one afterwards.
    case lowFilament = "low-filament"
    /// Its print fails.
    case failedPrint = "failed-print"
    /// Its print runs out of filament, and goes on afterwards.
    case ranOut = "ran-out"
    /// The first of its AMS units that can dry does so, for twelve of its hours.
    case drying
    /// Its AMS units refuse to dry: too many do, and one has no power adapter.
    case dryingRefused = "drying-refused"
    /// Its door is open, and its lid if it has one.
    case open
    /// It leads air out of the chamber.
    case exhaust
    /// Its card cannot be written to.
    case cardReadOnly = "card-read-only"
    /// Its card is out.
    case cardOut = "card-out"
    /// Developer Mode is on.
    case developerMode = "developer-mode"
    /// It mounts the next hotend of its rack, and another one afterwards.
    case hotendSwap = "hotend-swap"

    package static let flag = "--fault"
    package static let targets: [String]? = nil

    /// Whether it is a fault of the broker, which other printers must not share then.
    var needsOwnBroker: Bool {
        [.disconnect, .refuse, .wrongCertificate].contains(self) || brokerBehaviour != nil
    }

    /// The behaviour of the broker that replaces mosquitto while the fault lasts; `nil` if mosquitto stays.
    var brokerBehaviour: FaultyBroker.Behaviour? {
        switch self {
        case .denySubscription: .denySubscription
        case .kick: .kick
        case .mutesTLS13: .muteForTLS13
        default: nil
        }
    }

    /// How the printer's fittings change when the fault begins or ends; `nil` for a fault of another part.
    func change(_ isOn: Bool) -> Fittings.Change? {
        switch self {
        case .dryingRefused: .dryingRefusals(isOn ? [1, 8] : [])
        case .open: .lid(isOpen: isOn)
        case .exhaust: .exhaust(isOn: isOn)
        case .cardReadOnly: .card(isOn ? .readOnly : .normal)
        case .cardOut: .card(isOn ? .absent : .normal)
        case .developerMode: .developerMode(isOn: isOn)
        case .hotendSwap: .nextHotend
        default: nil
        }
    }
}
