package typealias Fault = TimedFault<PrinterFault>

/// A fault of one printer.
package enum PrinterFault: String, FaultKind {
    /// The printer sends nothing more, but its connections stay open.
    case silence
    /// The printer sends reports, but answers no request.
    case deaf
    /// The broker is down, and its port is closed.
    case disconnect
    /// The printer sends invalid payloads between its reports.
    case garbage
    /// The broker rejects the access code.
    case refuse
    /// The printer presents another certificate than before.
    case wrongCertificate = "wrong-certificate"
    /// The broker rejects subscriptions to the report topic.
    case denySubscription = "deny-subscription"
    /// The broker accepts each session and closes it, like a printer with too many sessions.
    case kick
    /// The broker never answers a ClientHello that offers TLS 1.3.
    case mutesTLS13 = "tls13-silent"
    /// LAN live view is switched off; RTSP cameras only.
    case liveviewOff = "liveview-off"
    /// The camera's port is closed.
    case cameraOff = "camera-off"
    /// The camera rejects viewers, as if another viewer occupied it.
    case cameraBusy = "camera-busy"
    /// The camera closes the connection after the TLS handshake.
    case cameraClose = "camera-close"
    /// The camera rejects the access code.
    case cameraRefuse = "camera-refuse"
    /// The camera sends nothing after the handshake.
    case cameraMute = "camera-mute"
    /// The camera sends some pictures, and then nothing more.
    case cameraStall = "camera-stall"
    /// The camera sends its answers at one byte per second.
    case cameraDribble = "camera-dribble"
    /// The camera sends the same picture repeatedly.
    case cameraFrozen = "camera-frozen"
    /// The camera closes the connection in the middle of a picture; JPEG only, like the next three.
    case cameraTruncate = "camera-truncate"
    /// The camera announces a picture of 4 GB.
    case cameraSize = "camera-size"
    /// The camera sends a header without a picture.
    case cameraHeader = "camera-header"
    /// The camera sends bytes that are not a picture.
    case cameraNoise = "camera-noise"
    /// The AMS units are humid; they are dry again afterwards.
    case wet
    /// The spool in the first slot is nearly empty; it is full again afterwards.
    case lowFilament = "low-filament"
    /// The print fails.
    case failedPrint = "failed-print"
    /// The print runs out of filament, and continues afterwards.
    case ranOut = "ran-out"
    /// The first AMS unit that can dry does so for twelve simulated hours.
    case drying
    /// The AMS units refuse to dry: too many are drying, and one has no power adapter.
    case dryingRefused = "drying-refused"
    /// The door is open, and the lid if there is one.
    case open
    /// The air duct exhausts the chamber.
    case exhaust
    /// The memory card is read-only.
    case cardReadOnly = "card-read-only"
    /// The memory card is removed.
    case cardOut = "card-out"
    /// Developer Mode is on.
    case developerMode = "developer-mode"
    /// The next hotend of the rack is mounted, and another one afterwards.
    case hotendSwap = "hotend-swap"

    package static let flag = "--fault"
    package static let targets: [String]? = nil

    /// Whether the fault affects the broker, so that other printers must not share it.
    var needsOwnBroker: Bool {
        [.disconnect, .refuse, .wrongCertificate].contains(self) || brokerBehaviour != nil
    }

    /// The behaviour of the broker that replaces mosquitto during the fault; `nil` if mosquitto stays.
    var brokerBehaviour: FaultyBroker.Behaviour? {
        switch self {
        case .denySubscription: .denySubscription
        case .kick: .kick
        case .mutesTLS13: .muteForTLS13
        default: nil
        }
    }

    /// The change of the printer's parts when the fault starts or ends; `nil` for a fault of another kind.
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
