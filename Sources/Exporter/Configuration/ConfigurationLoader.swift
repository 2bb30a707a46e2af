import Glibc

/// Reads the configuration. Flags override the environment, which overrides the file.
struct ConfigurationLoader: Sendable {
    /// The file to read if no flag is given and the file exists.
    static let defaultFile = "/etc/bambu_exporter/config.json5"
    /// The largest file, in bytes; a thousand printers take less than 1 MiB.
    private static let sizeLimit = 16 << 20
    /// The variables that contain secrets, as opposed to the names of files.
    static let secretVariables = ["BAMBU_PRINTER_ACCESS_CODE"]

    /// The file of the flag; `nil` for the default file.
    let file: String?
    /// The share of the flags.
    var shard = Options.Shard()
    let environment: [String: String]
    /// Whether an unreadable token is an error. `login`, which writes the token, sets this to false.
    var needsToken = true

    private var place: String { file ?? Self.defaultFile }

    func load() throws(ConfigurationError) -> Configuration {
        try load(contents())
    }

    /// Reads and checks the text of a file, if any, with environment and flags.
    func load(_ text: String?) throws(ConfigurationError) -> Configuration {
        var configuration = Configuration()
        var reading = ConfigurationReading(of: place)
        if let text { reading = try configuration.read(text, of: place) }
        var overrides = ConfigurationReading(of: "environment")
        readEnvironment(into: &configuration, &overrides)
        reading.problems += overrides.problems
        checkShard(of: configuration, &reading)
        if let cloud = configuration.cloud, needsToken { checkToken(of: cloud, &reading) }
        checkUniqueness(of: configuration.printers, &reading)
        if configuration.needsSystemAuthorities { reading.readAuthorities(nil, at: "SSL_CERT_FILE") }
        if !reading.problems.isEmpty { throw ConfigurationError(reading.problems) }
        if text == nil, needsToken, configuration.printers.isEmpty, configuration.cloud == nil {
            throw ConfigurationError("configuration", Self.nothingConfigured)
        }
        configuration.authorities = reading.authorities
        configuration.warnings = Self.warnings(about: configuration)
        return configuration
    }

    private static let nothingConfigured = """
        no printer is configured. For one printer, set BAMBU_PRINTER_HOST, BAMBU_PRINTER_SERIAL and \
        BAMBU_PRINTER_ACCESS_CODE. For more, write \(defaultFile), or name a file with --config.file. \
        To find the printers of this network, run: bambu_exporter discover
        """

    /// The text of the file; `nil` if no file is named and the default file does not exist.
    private func contents() throws(ConfigurationError) -> String? {
        guard !place.isEmpty else {
            throw ConfigurationError(
                "--config.file",
                "the file name is empty. Set a path, or omit the flag to use \(Self.defaultFile)")
        }
        if file == nil, access(place, F_OK) != 0 { return nil }
        let bytes = try FileReading.bytes(of: place, limit: Self.sizeLimit, as: "the configuration")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(place, "the configuration is not valid UTF-8")
        }
        return text
    }
}
