import BambuProtocol
import CommandFlags
import Reactor

/// What the exporter is told to do: file, environment and flags in one, checked and with every default in its place.
struct Configuration: Sendable {
    /// One printer.
    struct Printer: Sendable, Equatable {
        /// The label `printer`.
        var name: String
        var serial: String
        /// `nil` for a printer that is not reached over the LAN.
        var host: String?
        var port: UInt16 = 8883
        var accessCode: Secret?
        /// The file that `accessCode` was read from; it is read again after a refusal.
        var accessCodeFile: String?
        var model: Model?
        var trust = TrustSettings()
        var camera = Camera()
    }

    /// How a printer's camera is looked at.
    struct Camera: Sendable, Equatable {
        var isEnabled = true
        /// What it speaks; `nil` goes by model.
        var language: CameraLanguage?
        /// `nil` for the port of the language.
        var port: UInt16?
        /// From the start of one probe to the start of the next; `nil` for the default of the protocol.
        var interval: Duration?
        /// The length of one probe.
        var window = Duration.seconds(10)

        /// The time from one probe to the next. Some X1 stop serving RTSP after many sessions, until they are restarted.
        func interval(for cameraProtocol: CameraLanguage?) -> Duration {
            interval ?? (cameraProtocol == .rtsp ? .seconds(900) : .seconds(300))
        }
    }

    /// How a printer's certificate is judged. The files behind it have been read.
    struct TrustSettings: Sendable, Equatable {
        enum Mode: String, Sendable {
            case tofu, ca, pin, none
        }

        var mode = Mode.tofu
        var authorityFile: String?
        var fingerprint: Fingerprint?
    }

    struct Telemetry: Sendable, Equatable {
        var staleAfter = Duration.seconds(90)
        var resyncInterval = Duration.seconds(300)
        var exportsJobs = true
    }

    /// Where the words for HMS and error codes come from.
    struct FaultTexts: Sendable, Equatable {
        var language = "en"
        /// Scheme and host of the maker's catalogue, without a slash at the end.
        var base = "https://e.bambulab.com"
        var path = "/query.php"
        /// Read instead of fetching.
        var file: String?
    }

    struct Shard: Sendable, Equatable {
        var index = 0
        var count = 1

        /// Whether this process takes the printer, by FNV-1a-64 of its serial number.
        func takes(_ serial: String) -> Bool {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in serial.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            return hash % UInt64(max(1, count)) == UInt64(max(0, index))
        }
    }

    var printers: [Printer] = []
    /// The account that printers are bound to; `nil` where there is none.
    var cloud: Account?
    /// A broker that printers are bridged into; `nil` where there is none.
    var broker: Broker?
    var telemetry = Telemetry()
    /// `nil` if codes are shown without words.
    var faultTexts: FaultTexts?
    var stateDirectory: String?
    var shard = Shard()
    /// What each `ca_file` holds, by its path.
    var authorities: [String: TrustStore] = [:]
    /// What is worth a warning at every start, in words.
    var warnings: [String] = []

    init() {}

    /// The printer of that name, or of that serial number.
    ///
    /// - Throws: `ConfigurationError`, in the name of the command that wants it.
    func printer(named name: String, for command: String) throws(ConfigurationError) -> Printer {
        if let printer = printers.first(where: { $0.name == name }) ?? printers.first(where: { $0.serial == name }) {
            return printer
        }
        throw ConfigurationError(
            command, "no printer is named \(name)\(Spelling.suggestion(for: name, among: printers.map(\.name)))")
    }

    /// The printers that this process takes.
    var ownPrinters: [Printer] { printers.filter { shard.takes($0.serial) } }
}
