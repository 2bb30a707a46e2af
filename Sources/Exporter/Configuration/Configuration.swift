import Cloud
import CommandFlags
import TLS

/// The exporter's checked configuration, merged from file, environment, flags and defaults.
struct Configuration: ConfigurationObject {
    /// The template of every printer.
    var defaults = Printer()
    var printers: [Printer] = []
    var cloud: Account?
    var broker: Broker?
    var telemetry = Telemetry()
    var faultTexts: FaultTexts?
    var stateDirectory: String?
    var shard = Shard()
    /// The authorities of each `ca_file`, by its path, and of the system, by `nil`, if they are needed.
    var authorities: [String?: TrustStore] = [:]
    /// Warnings to log at every start and reload.
    var warnings: [String] = []

    /// The keys of the file. `defaults` must be read before `printers`, which start from it.
    static let settings: [Setting<Self>] = [
        Setting("defaults", \.defaults, only: Printer.common, "Defaults for every printer."),
        Setting("printers", \.printers, from: \.defaults, "The printers."),
        Setting("cloud", \.cloud, "The account that printers are bound to; see [cloud.md](cloud.md)."),
        Setting("broker", \.broker, "Your own MQTT broker that printers are bridged to."),
        Setting("telemetry", \.telemetry, "How to handle reports."),
        Setting(
            "fault_texts", \.faultTexts,
            "The texts of HMS and error codes. They are fetched only if this key is set; `{}` is enough."),
        Setting(
            "state_dir", \.stateDirectory, .text,
            """
            The directory for known certificates. Default: `$STATE_DIRECTORY`, which systemd sets. Without either, \
            certificates are remembered in memory only.
            """,
            variable: "BAMBU_STATE_DIR"),
        Setting(
            "shard", \.shard,
            """
            Splits the printers over several processes: this one reads the printers whose FNV-1a-64 hash of the serial \
            number modulo `count` is `index`.
            """),
    ]

    /// Finds a printer by its name, or else by its serial number.
    ///
    /// - Throws: `ConfigurationError` with the name of the command if no printer matches.
    func printer(named name: String, for command: String) throws(ConfigurationError) -> Printer {
        if let printer = printers.first(where: { $0.name == name }) ?? printers.first(where: { $0.serial == name }) {
            return printer
        }
        throw ConfigurationError(
            command, "no printer is named \(name)\(Spelling.suggestion(for: name, among: printers.map(\.name)))")
    }

    /// Whether a connection is verified by the system's authorities.
    var needsSystemAuthorities: Bool {
        let urls = [cloud?.hosts.api, faultTexts.flatMap { $0.file == nil ? $0.url : nil }]
        let sessions = [cloud.flatMap { $0.readsReports ? $0.session.security : nil }, broker?.security]
        return urls.contains { $0?.hasPrefix("https:") == true } || sessions.contains(.verified(authorityFile: nil))
    }

    /// The printers that this process reads.
    var ownPrinters: [Printer] { printers.filter { shard.takes($0.serial) } }
}
