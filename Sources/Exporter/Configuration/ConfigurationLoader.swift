import BambuProtocol
import FoundationEssentials
import Reactor

/// Reads configuration from file, environment and flags. A flag overrules the environment, and that the file.
struct ConfigurationLoader: Sendable {
    /// The file that is read without being named, where it is there.
    static let defaultFile = "/etc/bambu_exporter/config.json5"
    /// Bytes of the file; a thousand printers take less than 1 MiB.
    private static let sizeLimit = 16 << 20

    let environment: [String: String]
    let flags: Options.Shard
    /// Whether a token that cannot be read is an error; not to the command that is to write it.
    var needsToken = true
    private let file: String?
    var problems: [ConfigurationError.Problem] = []
    private var outline: JSON5Outline?
    private var authorities: [String: TrustStore] = [:]

    /// - Parameter file: the file that a flag names; `nil` for the default one.
    init(file: String?, shard: Options.Shard = Options.Shard(), environment: [String: String]) {
        self.environment = environment
        flags = shard
        self.file = file
    }

    /// Reads and checks everything.
    ///
    /// - Throws: `ConfigurationError` with all that is wrong.
    func load() throws(ConfigurationError) -> Configuration {
        try load(contents())
    }

    /// Reads and checks the text of a file, where there is one, with environment and flags.
    ///
    /// - Throws: `ConfigurationError` with all that is wrong.
    func load(_ text: String?) throws(ConfigurationError) -> Configuration {
        var loader = self
        let configuration = try loader.read(text)
        if !loader.problems.isEmpty { throw ConfigurationError(loader.problems) }
        return configuration
    }

    private var place: String { file ?? Self.defaultFile }

    mutating func complain(_ path: String, _ message: String) {
        let line = outline?.lines[path].map { ":\($0)" } ?? ""
        problems.append(ConfigurationError.Problem(place: place + line, path: path, message: message))
    }

    private mutating func read(_ text: String?) throws(ConfigurationError) -> Configuration {
        var configuration = Configuration()
        if let text { try read(text, into: &configuration) }
        readEnvironment(into: &configuration)
        if let cloud = configuration.cloud, needsToken { checkToken(of: cloud) }
        checkUniqueness(of: configuration.printers)
        if problems.isEmpty, text == nil, needsToken, configuration.printers.isEmpty, configuration.cloud == nil {
            throw ConfigurationError(
                "configuration",
                """
                there is no printer to watch. For one printer set BAMBU_PRINTER_HOST, BAMBU_PRINTER_SERIAL and \
                BAMBU_PRINTER_ACCESS_CODE; for more write \(Self.defaultFile) or name a file with --config.file. \
                `bambu_exporter discover` finds the printers on this network
                """)
        }
        configuration.authorities = authorities
        warn(&configuration)
        return configuration
    }

    /// Reads a file of authorities, once.
    mutating func readAuthorities(_ file: String, at path: String) {
        guard authorities[file] == nil else { return }
        do throws(TrustStore.Unreadable) {
            authorities[file] = try TrustStore(file: file)
        } catch {
            complain(path, error.description)
        }
    }

    /// What the file holds; `nil` where none is named and the default one is not there.
    private func contents() throws(ConfigurationError) -> String? {
        guard !place.isEmpty else {
            throw ConfigurationError(
                "--config.file",
                "the name of the file is empty. Give a path, or leave the flag out for \(Self.defaultFile)")
        }
        let bytes: [UInt8]
        do {
            bytes = try FileReading.bytes(of: place, limit: Self.sizeLimit)
        } catch {
            if file == nil, !FileManager.default.fileExists(atPath: place) { return nil }
            throw ConfigurationError(place, "cannot read the configuration: \(FileReading.reason(error))")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(place, "the configuration is not UTF-8")
        }
        return text
    }

    private mutating func read(_ text: String, into configuration: inout Configuration) throws(ConfigurationError) {
        let outline: JSON5Outline
        do throws(JSON5Outline.SyntaxError) {
            outline = try JSON5Outline(text)
        } catch {
            throw ConfigurationError("\(place):\(error.line)", error.message)
        }
        self.outline = outline
        let tree: ConfigurationValue
        do {
            tree = try outline.tree()
        } catch {
            throw ConfigurationError(
                outline.refusedLine.map { "\(place):\($0)" } ?? place,
                "the configuration is not JSON5: a text has an escape or a character that it may not have")
        }
        for (path, line) in outline.duplicates {
            problems.append(.init(place: "\(place):\(line)", path: path, message: "this key is given twice"))
        }
        for (path, message) in Setting.problems(in: tree, Setting.root) { complain(path, message) }
        if problems.isEmpty { read(tree, into: &configuration) }
    }

    private mutating func read(_ tree: ConfigurationValue, into configuration: inout Configuration) {
        let defaults = tree["defaults"]
        for (index, entry) in (tree["printers"]?.elements ?? []).enumerated() {
            let path = "printers[\(index)]"
            guard let printer = readPrinter(entry, defaults, at: path) else { continue }
            configuration.printers.append(printer)
        }
        let telemetry = tree["telemetry"]
        configuration.telemetry.staleAfter = telemetry?["stale_after"]?.duration ?? configuration.telemetry.staleAfter
        configuration.telemetry.resyncInterval =
            telemetry?["resync_interval"]?.duration ?? configuration.telemetry.resyncInterval
        configuration.telemetry.exportsJobs = telemetry?["job_info"]?.flag ?? true
        configuration.stateDirectory = tree["state_dir"]?.text
        configuration.shard.index = tree["shard"]?["index"]?.integer ?? 0
        configuration.shard.count = tree["shard"]?["count"]?.integer ?? 1
        configuration.cloud = tree["cloud"].map { readCloud($0) }
        configuration.broker = tree["broker"].map { readBroker($0) }
        configuration.faultTexts = tree["fault_texts"].map { readFaultTexts($0) }
    }

    private mutating func readPrinter(
        _ entry: ConfigurationValue, _ defaults: ConfigurationValue?, at path: String
    ) -> Configuration.Printer? {
        guard let serial = entry["serial"]?.text else {
            complain(path, "the serial number is missing; it is on a sticker of the printer and on its screen")
            return nil
        }
        if let problem = Self.problem(withSerial: serial) { complain("\(path).serial", problem) }
        var printer = Configuration.Printer(name: entry["name"]?.text ?? serial, serial: serial)
        printer.host = entry["host"]?.text
        if let host = printer.host, let problem = Self.problem(withHost: host) { complain("\(path).host", problem) }
        let port = entry["mqtt_port"] ?? defaults?["mqtt_port"]
        printer.port = port?.integer.flatMap { UInt16(exactly: $0) } ?? 8883
        printer.model = entry["model"]?.text.map { Model(named: $0) }
        readAccessCode(entry, at: path, into: &printer)
        readTrust(entry["tls"], defaults?["tls"], at: "\(path).tls", into: &printer.trust)
        readCamera(entry["camera"], defaults?["camera"], at: "\(path).camera", into: &printer.camera)
        return printer
    }

    private mutating func readAccessCode(
        _ entry: ConfigurationValue, at path: String, into printer: inout Configuration.Printer
    ) {
        let code = entry["access_code"]?.text
        let file = entry["access_code_file"]?.text
        switch (code, file) {
        case (.some, .some): complain("\(path).access_code", "give access_code or access_code_file, not both")
        case (.some(let code), nil): printer.accessCode = Secret(code.trimmed(of: ["\n", "\r"]))
        case (nil, .some(let file)):
            printer.accessCodeFile = file
            do throws(SecretFile.Unreadable) {
                printer.accessCode = try SecretFile.read(file)
            } catch {
                complain("\(path).access_code_file", error.description)
            }
        case (nil, nil):
            guard printer.host != nil else { return }
            complain(
                path,
                "access_code or access_code_file is missing; the printer's screen shows the code under its network settings"
            )
        }
    }

    private mutating func readTrust(
        _ own: ConfigurationValue?, _ defaults: ConfigurationValue?, at path: String,
        into trust: inout Configuration.TrustSettings
    ) {
        trust.mode = mode(of: own, at: path) ?? mode(of: defaults, at: "defaults.tls") ?? .tofu
        trust.authorityFile = (own?["ca_file"] ?? defaults?["ca_file"])?.text
        trust.fingerprint = (own?["fingerprint"] ?? defaults?["fingerprint"])?.text.flatMap { Fingerprint($0) }
        switch trust.mode {
        case .ca:
            guard let file = trust.authorityFile else {
                return complain(path, "verify: \"ca\" needs ca_file, the PEM file of the authorities to trust")
            }
            readAuthorities(file, at: "\(path).ca_file")
        case .pin where trust.fingerprint == nil:
            complain(path, "verify: \"pin\" needs fingerprint, the SHA-256 of the printer's certificate")
        default: break
        }
    }

    /// What a `tls` section says: `verify`, or the mode that its other key is for; `nil` when it says nothing of it.
    private mutating func mode(
        of section: ConfigurationValue?, at path: String
    ) -> Configuration.TrustSettings.Mode? {
        if let mode = section?["verify"]?.text { return Configuration.TrustSettings.Mode(rawValue: mode) }
        switch (section?["ca_file"]?.text, section?["fingerprint"]?.text) {
        case (nil, nil): return nil
        case (.some, nil): return .ca
        case (nil, .some): return .pin
        case (.some, .some):
            // The defaults are read for every printer.
            guard !problems.contains(where: { $0.path == path }) else { return nil }
            complain(path, "verify is missing: \"ca\" uses ca_file, and \"pin\" uses fingerprint")
            return nil
        }
    }

    private mutating func readCamera(
        _ own: ConfigurationValue?, _ defaults: ConfigurationValue?, at path: String,
        into camera: inout Configuration.Camera
    ) {
        func value(_ key: String) -> ConfigurationValue? { own?[key] ?? defaults?[key] }
        camera.isEnabled = value("enabled")?.flag ?? camera.isEnabled
        camera.language = value("protocol")?.text.flatMap { CameraLanguage(rawValue: $0) }
        camera.port = value("port")?.integer.flatMap { UInt16(exactly: $0) }
        camera.interval = value("interval")?.duration ?? camera.interval
        camera.window = value("window")?.duration ?? camera.window
        let interval = camera.interval(for: camera.language)
        guard camera.window >= interval else { return }
        complain(
            "\(path).window",
            "a window of \(DurationText.text(of: camera.window)) does not fit into an interval of \(DurationText.text(of: interval))"
        )
    }
}
