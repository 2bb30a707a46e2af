/// Something that goes wrong with one printer, for a while.
package struct Fault: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// It says nothing more, while its connections stand.
        case silence
        /// Its broker is gone: nobody listens.
        case disconnect
        /// Between its reports come things that are none.
        case garbage
        /// It refuses its access code.
        case refuse
        /// It shows another certificate than before.
        case wrongCertificate = "wrong-certificate"
        /// Its broker does not allow subscribing to its reports.
        case denySubscription = "deny-subscription"
        /// It accepts each session and ends it again, as if other programs held all that it allows.
        case kick
        /// It never answers a hello that offers TLS 1.3.
        case mutesTLS13 = "tls13-silent"
        /// Somebody switched the view over the local network off; RTSP cameras alone.
        case liveviewOff = "liveview-off"
        /// Nobody listens at the camera's port.
        case cameraOff = "camera-off"
        /// The camera turns viewers away, as it does while it has another one.
        case cameraBusy = "camera-busy"
        /// The camera closes the connection after the TLS handshake.
        case cameraClose = "camera-close"
        /// The camera refuses the access code.
        case cameraRefuse = "camera-refuse"
        /// The camera says nothing after the handshake.
        case cameraMute = "camera-mute"
        /// The camera sends some pictures, and then nothing more.
        case cameraStall = "camera-stall"
        /// The camera sends a byte a second of what it has to say.
        case cameraDribble = "camera-dribble"
        /// The camera sends the same picture again and again.
        case cameraFrozen = "camera-frozen"
        /// The camera closes in the middle of a picture; JPEG alone, as the three below.
        case cameraTruncate = "camera-truncate"
        /// The camera announces a picture of 4 GB.
        case cameraSize = "camera-size"
        /// The camera sends a header and no picture behind it.
        case cameraHeader = "camera-header"
        /// The camera sends bytes that are no picture.
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
        /// Its door stands open, and its lid where there is one.
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

        /// Whether the fault is the broker's, which others must then not share.
        var needsOwnBroker: Bool {
            [.disconnect, .refuse, .wrongCertificate].contains(self) || brokerBehaviour != nil
        }

        /// What the broker does that takes the place of mosquitto meanwhile; `nil` if mosquitto stays.
        var brokerBehaviour: FaultyBroker.Behaviour? {
            switch self {
            case .denySubscription: .denySubscription
            case .kick: .kick
            case .mutesTLS13: .muteForTLS13
            default: nil
            }
        }
    }

    package let kind: Kind
    /// The printer's name; `nil` is the first printer.
    package var printer: String?
    package var times = FaultTimes()

    package init(_ kind: Kind, printer: String? = nil, after: Duration = .zero, lasting: Duration? = nil) {
        self.kind = kind
        self.printer = printer
        times.after = after
        times.lasting = lasting
    }

    /// Reads `KIND[@NAME][,after=30s][,for=20s]`.
    package init(parsing text: String) throws(SimulatorError) {
        let (name, printer, times) = try FaultTimes.parse(text, of: "--fault")
        guard let kind = Kind(rawValue: name) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("--fault=\(text): \"\(name)\" is no fault; there are \(known)")
        }
        self.init(kind, printer: printer)
        self.times = times
    }
}
