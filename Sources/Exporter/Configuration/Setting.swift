/// One key of the configuration file: what it takes, what it means, and what holds where it is left out.
///
/// The checks of a file and `docs/configuration.md` both come from `Setting.root`.
struct Setting: Sendable {
    indirect enum Kind: Sendable {
        case text
        /// A text that is never printed.
        case secret
        case flag
        case integer(ClosedRange<Int>)
        /// A Prometheus duration, at least so long.
        case duration(atLeast: Duration)
        case choice([String])
        case fingerprint
        case object([Setting])
        case list(Kind)
        /// An object whose keys are anybody's.
        case map(Kind)
    }

    let key: String
    let kind: Kind
    /// What holds where the key is left out, as the file would say it; "" where that needs words, which are in `help`.
    let fallback: String
    let help: String

    init(_ key: String, _ kind: Kind, _ help: String, default fallback: String = "") {
        self.key = key
        self.kind = kind
        self.help = help
        self.fallback = fallback
    }

    private static let port = Kind.integer(1...65535)

    private static let tls = Setting(
        "tls",
        .object([
            Setting(
                "verify", .choice(["tofu", "ca", "pin", "none"]),
                "How the printer's certificate is judged: `tofu` remembers it on first sight, `ca` wants a chain to `ca_file`, `pin` wants `fingerprint`, `none` accepts anything and warns. Where it is left out, `ca_file` alone means `ca`, and `fingerprint` alone `pin`.",
                default: "\"tofu\""),
            Setting("ca_file", .text, "PEM file of the authorities that `ca` trusts."),
            Setting(
                "fingerprint", .fingerprint,
                "SHA-256 of the leaf certificate that `pin` wants: `sha256:` and 64 digits."),
        ]), "Whom to believe to be the printer.")

    private static let camera = Setting(
        "camera",
        .object([
            Setting(
                "enabled", .flag,
                "Whether the camera is probed. A probe counts as one of the few viewers that a camera serves.",
                default: "true"),
            Setting(
                "protocol", .choice(["auto", "jpeg", "rtsp"]), "The camera's protocol; `auto` goes by model.",
                default: "\"auto\""),
            Setting("port", port, "6000 for JPEG and 322 for RTSP where it is left out."),
            Setting(
                "interval", .duration(atLeast: .seconds(20)),
                "The time from one probe to the next; longer than `window`. Some X1 stop serving RTSP after many sessions.",
                default: "\"5m\", RTSP \"15m\""),
            Setting("window", .duration(atLeast: .seconds(1)), "The length of one probe.", default: "\"10s\""),
        ]), "How the printer's camera is probed; see docs/camera.md.")

    private static let shared: [Setting] = [
        Setting("mqtt_port", port, "The port of the printer's MQTT broker.", default: "8883"), tls, camera,
    ]

    private static let printer: [Setting] =
        [
            Setting(
                "name", .text,
                "The label `printer` of every metric; must be unique. The serial number where it is left out."),
            Setting("serial", .text, "The serial number, on a sticker and on the screen. Required; capitals matter."),
            Setting(
                "host", .text,
                "Name or address on the LAN, without scheme and port. Without it a printer is read through `broker` or `cloud`; with neither of them it is listed, and down."
            ),
            Setting("access_code", .secret, "The code that the printer's screen shows under its network settings."),
            Setting("access_code_file", .text, "A file that holds the access code, instead of `access_code`."),
            Setting("model", .choice(Setting.models), "Overrules what the printer says it is."),
        ] + shared

    private static let cloud: [Setting] = [
        Setting("region", .choice(["global", "china"]), "Where the account is.", default: "\"global\""),
        Setting(
            "token_file", .text,
            "The file that `bambu_exporter login` writes: a token, bare or as JSON. Required; read again whenever it has changed."
        ),
        Setting(
            "interval", .duration(atLeast: .seconds(60)),
            "How often the account is asked. What it says of printers is withdrawn two intervals after its last answer.",
            default: "\"5m\""),
        Setting(
            "mqtt", .flag, "Whether printers without `host` are read through the cloud's broker.", default: "true"),
        Setting("printers", .list(.text), "Serial numbers to take; every printer of the account where it is left out."),
        Setting(
            "camera_credentials", .flag,
            "Whether the peer-to-peer camera's kind and region are asked for; the secrets beside them are dropped.",
            default: "false"),
        Setting(
            "api_url", .text,
            "Where every request to the account goes, those of `login` too; `https`, or `http` for a loopback address. By region where it is left out."
        ),
        Setting("mqtt_host", .text, "The cloud's broker. By region where it is left out."),
        Setting("mqtt_port", port, "The port of the cloud's broker.", default: "8883"),
        Setting(
            "ca_file", .text,
            "PEM file of the authorities to trust for the cloud's broker; the system's where it is left out."),
    ]

    private static let broker: [Setting] = [
        Setting("host", .text, "Name or address of your broker."),
        Setting("port", port, "The port of your broker.", default: "8883"),
        Setting("username", .text, "Whom to log in as."),
        Setting("password", .secret, "The password of `username`."),
        Setting("password_file", .text, "A file that holds the password, instead of `password`."),
        Setting(
            "tls",
            .object([
                Setting("ca_file", .text, "PEM file of the authorities to trust; the system's where it is left out."),
                Setting("verify", .choice(["host", "none"]), "Whether the host name is checked.", default: "\"host\""),
            ]), "How the connection is protected."),
        Setting("plain", .flag, "Whether to do without TLS.", default: "false"),
        Setting("topic_prefix", .text, "What stands in front of `device/SERIAL/report`.", default: "\"\""),
        Setting("printers", .list(.text), "Serial numbers to take; every one that reports where it is left out."),
    ]

    /// The whole file.
    static let root: [Setting] = [
        Setting("defaults", .object(shared), "Holds for every printer that does not say otherwise."),
        Setting("printers", .list(.object(printer)), "The printers, each an object."),
        Setting(
            "cloud", .object(cloud),
            "The account that printers are bound to; [cloud.md](cloud.md) says what is asked of it."),
        Setting(
            "broker", .object(broker),
            "An MQTT broker of your own that printers are bridged into."),
        Setting(
            "telemetry",
            .object([
                Setting(
                    "stale_after", .duration(atLeast: .seconds(2)),
                    "Silence after which a printer is down and its telemetry is withdrawn. A healthy A1 may be silent for 32 s.",
                    default: "\"90s\""),
                Setting(
                    "resync_interval", .duration(atLeast: .seconds(1)),
                    "How often a full report is asked for; never oftener than once a minute.", default: "\"5m\""),
                Setting("job_info", .flag, "Whether task and file names are exported.", default: "true"),
            ]), "How reports are treated."),
        Setting(
            "fault_texts",
            .object([
                Setting(
                    "language", .text, "The language of the texts: two letters, or `zh-cn`.", default: "\"en\""),
                Setting(
                    "url", .text, "Where the maker's catalogue is fetched, once a week for each model.",
                    default: "\"https://e.bambulab.com/query.php\""),
                Setting("file", .text, "A catalogue as a file, which is read and never fetched; instead of `url`."),
            ]),
            "What HMS and error codes mean, in words. Nothing is fetched unless this key is there; `{}` is enough."),
        Setting(
            "state_dir", .text,
            "Where known certificates are kept. `$BAMBU_STATE_DIR` or `$STATE_DIRECTORY` where it is left out; without any of them they are kept in memory alone."
        ),
        Setting(
            "shard",
            .object([
                Setting("index", .integer(0...99_999), "The number of this process, from 0.", default: "0"),
                Setting("count", .integer(1...100_000), "How many processes share the printers.", default: "1"),
            ]), "Takes the printers whose serial number's FNV-1a-64 hash modulo `count` is `index`."),
    ]
}
