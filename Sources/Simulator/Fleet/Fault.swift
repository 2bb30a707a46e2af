package typealias Fault = TimedFault<PrinterFault>

/// A fault of one printer; `--help` explains each.
package enum PrinterFault: String, FaultKind {
    case silence, deaf, disconnect, garbage, refuse, kick
    case wrongCertificate = "wrong-certificate"
    case denySubscription = "deny-subscription"
    case mutesTLS13 = "tls13-silent"
    case liveviewOff = "liveview-off"
    case cameraOff = "camera-off"
    case cameraBusy = "camera-busy"
    case cameraClose = "camera-close"
    case cameraRefuse = "camera-refuse"
    case cameraMute = "camera-mute"
    case cameraStall = "camera-stall"
    case cameraDribble = "camera-dribble"
    case cameraFrozen = "camera-frozen"
    case cameraTruncate = "camera-truncate"
    case cameraSize = "camera-size"
    case cameraHeader = "camera-header"
    case cameraNoise = "camera-noise"
    case wet, drying, open, exhaust
    case lowFilament = "low-filament"
    case failedPrint = "failed-print"
    case ranOut = "ran-out"
    case dryingRefused = "drying-refused"
    case cardReadOnly = "card-read-only"
    case cardOut = "card-out"
    case developerMode = "developer-mode"
    case hotendSwap = "hotend-swap"

    package static let flag = "--fault"
    package static let targets: [String]? = nil

    /// Whether another broker replaces mosquitto during the fault.
    var replacesBroker: Bool { [.denySubscription, .kick, .mutesTLS13].contains(self) }

    /// Whether the fault affects the broker, so that other printers must not share it.
    var needsOwnBroker: Bool { replacesBroker || [.disconnect, .refuse, .wrongCertificate].contains(self) }

    /// The command to the printer when the fault starts or ends; `nil` if no command belongs to it.
    package func command(_ isOn: Bool) -> Machine.Command? {
        switch self {
        case .wet: .setHumidity(isOn ? 66 : 22)
        case .lowFilament: .putSpool(left: isOn ? 0.08 : 1)
        case .failedPrint: isOn ? .failPrint : nil
        case .ranOut: isOn ? .runOut : .resume
        case .drying: isOn ? .dryFirst(celsius: 55, hours: 12) : nil
        case .dryingRefused: .fit { $0.dryingRefusals = isOn ? [1, 8] : [] }
        case .open: .fit { ($0.isDoorOpen, $0.isLidOpen) = (isOn, isOn) }
        case .exhaust: .fit { $0.isExhausting = isOn }
        case .cardReadOnly: .fit { $0.card = isOn ? .readOnly : .normal }
        case .cardOut: .fit { $0.card = isOn ? .absent : .normal }
        case .developerMode: .fit { $0.isDeveloperModeOn = isOn }
        case .hotendSwap: .fit { $0.mountNextHotend() }
        case .liveviewOff: .fit { $0.isLiveviewOn = !isOn }
        default: nil
        }
    }
}
