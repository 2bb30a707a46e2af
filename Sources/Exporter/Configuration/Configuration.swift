import CommandFlags
import Reactor

/// The exporter's configuration: file, environment and flags in one, checked, with every default in its place.
struct Configuration: ConfigurationObject {
    /// What printers have that set nothing else.
    var defaults = Printer()
    var printers: [Printer] = []
    /// The account that printers are bound to; `nil` without one.
    var cloud: Account?
    /// A broker that printers are bridged into; `nil` without one.
    var broker: Broker?
    var telemetry = Telemetry()
    /// `nil` if codes are shown without texts.
    var faultTexts: FaultTexts?
    var stateDirectory: String?
    var shard = Shard()
    /// What each `ca_file` holds, by its path.
    var authorities: [String: TrustStore] = [:]
    /// Warnings for every start.
    var warnings: [String] = []

    /// The keys of the file. `defaults` comes before `printers`, which begin with it.
    static let settings: [Setting<Self>] = [
        Setting("defaults", \.defaults, only: Printer.shared, "Applies to every printer that does not set it itself."),
        Setting("printers", \.printers, from: \.defaults, "The printers, each an object."),
        Setting("cloud", \.cloud, "The account that printers are bound to; see [cloud.md](cloud.md)."),
        Setting("broker", \.broker, "An MQTT broker of your own that printers are bridged into."),
        Setting("telemetry", \.telemetry, "How reports are treated."),
        Setting(
            "fault_texts", \.faultTexts,
            "The texts of HMS and error codes. Nothing is fetched without this key; `{}` is enough."),
        Setting(
            "state_dir", \.stateDirectory, .text,
            "Where known certificates are kept. Default: `$STATE_DIRECTORY`, which systemd sets; without either they are kept only in memory.",
            variable: "BAMBU_STATE_DIR"),
        Setting(
            "shard", \.shard,
            "Takes the printers whose serial number's FNV-1a-64 hash modulo `count` is `index`."),
    ]

    /// The printer of that name, or of that serial number.
    ///
    /// - Throws: `ConfigurationError`, in the name of the command that needs the printer.
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
