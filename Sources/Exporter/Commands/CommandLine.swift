import Cloud
import CommandFlags
import HTTP
import Reactor

extension Options {
    /// The flags, as `--help` lists them.
    static let flags = FlagSet<Options>([
        Flag(
            "config.file", "PATH", "The configuration, JSON5: comments, unquoted keys and trailing commas are fine.",
            default: "\(ConfigurationLoader.defaultFile) where it exists", of: .file
        ) { $0.configFile = $1 },
        Flag("config.check", "Checks the configuration, says what is wrong with it, and ends with 0 or 1.") {
            $0.checksConfig = true
        },
        Flag(
            "web.listen-address", "ADDR",
            "Where to listen, such as :10883, 127.0.0.1:10883 or [::1]:10883; port 0 is any free port. May be given again.",
            default: Options.defaultAddress
        ) { options, text in
            do {
                options.listenAddresses.append(try ListenAddress(text))
            } catch {
                throw UsageError("\(error)")
            }
        },
        Flag("web.telemetry-path", "PATH", "The path of the metrics.", default: "/metrics") { options, path in
            guard path.hasPrefix("/"), path.count > 1, path.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
                throw UsageError("expected a path such as /metrics, found \"\(path)\"")
            }
            options.telemetryPath = path
        },
        Flag(
            "web.config.file", "PATH",
            "TLS, users and passwords, and fields of every answer, as JSON with the keys of Prometheus' exporters; see docs/web.md.",
            of: .file
        ) { $0.webConfigFile = $1 },
        Flag(
            "web.external-url", "URL",
            "How clients reach the listener through a proxy, such as https://metrics.lan/bambu. Service discovery and redirects hand it out."
        ) {
            guard let url = ExternalURL($1) else {
                throw UsageError("expected a URL such as https://metrics.lan/bambu, found \"\($1)\"")
            }
            $0.externalURL = url
        },
        Flag(
            "web.route-prefix", "PATH", "In front of every path that the listener serves; / for none.",
            default: "the path of --web.external-url"
        ) {
            guard $1.hasPrefix("/"), let path = ExternalURL.path($1) else {
                throw UsageError("expected a path such as /bambu, found \"\($1)\"")
            }
            $0.routePrefix = path
        },
        Flag("web.max-requests", "N", "Scrapes answered at a time; further ones get 503.", default: "40") {
            guard let number = Int($1), (1...10_000).contains(number) else {
                throw UsageError("expected a whole number from 1 to 10000, found \"\($1)\"")
            }
            $0.maxRequests = number
        },
        Flag("web.enable-lifecycle", "Lets POST /-/reload read the configuration again.") {
            $0.enablesLifecycle = true
        },
        Flag(
            "shard.index", "I",
            "The number of this process among those that share the printers; a pod's name that ends in it will do."
        ) {
            guard let index = ShardText.index(of: $1) else { throw UsageError(ShardText.badIndex($1)) }
            $0.shard.index = index
        },
        Flag("shard.count", "N", "How many processes share the printers.") {
            guard let count = ShardText.count(of: $1) else { throw UsageError(ShardText.badCount($1)) }
            $0.shard.count = count
        },
        Flag("log.level", "LEVEL", "debug, info, warn or error.", default: "info", of: choices(of: LogLevel.self)) {
            $0.logLevel = try choice($1)
        },
        Flag("log.format", "FORMAT", "logfmt or json.", default: "logfmt", of: choices(of: LogFormat.self)) {
            $0.logFormat = try choice($1)
        },
        Flag("account", "NAME", "The account that login signs in to, an e-mail address as a rule.") {
            guard !$1.isEmpty else { throw UsageError("it is empty") }
            $0.account = $1
        },
        Flag(
            "region", "REGION", "Where that account is: global or china.", default: "the configuration's",
            of: choices(of: Region.self)
        ) {
            $0.region = try choice($1)
        },
        Flag("timeout", "DURATION", "How long discover listens.", default: "10s") {
            guard let duration = DurationText.parse($1), duration > .zero else {
                throw UsageError("expected a duration such as 10s, found \"\($1)\"")
            }
            $0.timeout = duration
        },
        Flag(
            "output", "FILE",
            "Where snapshot puts its picture, -o for short; - is standard output. %t in it is the time, %p how far the print is.",
            letter: "o", of: .file
        ) { $0.output = $1 },
        Flag("follow", "Lets snapshot go on taking pictures until it is interrupted.") { $0.follows = true },
        Flag("interval", "DURATION", "From one picture of --follow to the next; 0s takes all.", default: "1s") {
            guard let duration = DurationText.parse($1) else {
                throw UsageError("expected a duration such as 1s, found \"\($1)\"")
            }
            $0.interval = duration
        },
        Flag("every-percent", "N", "Lets snapshot take a picture at each such part of a print, such as 10.") {
            guard let number = Int($1), (1...100).contains(number) else {
                throw UsageError("expected a whole number from 1 to 100, found \"\($1)\"")
            }
            $0.everyPercent = number
        },
        Flag("version", "Says which version this is.") { $0.showsVersion = true },
        Flag("help", "Says this.", letter: "h") { $0.showsHelp = true },
    ])

    private static func choices<Choice: RawRepresentable & CaseIterable>(of kind: Choice.Type) -> Flag<Options>.Values
    where Choice.RawValue == String {
        .choices(kind.allCases.map(\.rawValue))
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(_ text: String) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("expected one of \(choices), found \"\(text)\"")
        }
        return choice
    }

    /// Reads a command line, the program's name left out.
    ///
    /// - Parameter environment: `BAMBU_WEB_LISTEN_ADDRESS` and `BAMBU_WEB_CONFIG_FILE` stand for their flags.
    /// - Throws: `UsageError`.
    init(arguments: [String], environment: [String: String] = [:]) throws {
        self.init()
        var operands = try Self.flags.parse(arguments, into: &self)[...]
        try read(environment)
        guard !showsHelp, !showsVersion, let name = operands.popFirst() else { return }
        guard let command = Command(rawValue: name), command != .serve else {
            let commands = Command.allCases.filter { $0 != .serve }.map(\.rawValue)
            throw UsageError(
                "unknown command \(name)\(Spelling.suggestion(for: name, among: commands)); --help lists the commands")
        }
        self.command = command
        if command == .forget || command == .snapshot {
            operand = operands.popFirst()
            let usage = command == .forget ? "forget NAME" : "snapshot NAME -o FILE"
            if operand == nil { throw UsageError("\(name) needs the name of a printer: bambu_exporter \(usage)") }
        }
        if command == .snapshot { try checkSnapshot() }
        if let extra = operands.first { throw UsageError("unexpected argument \(extra)") }
    }

    /// A flag overrules the environment.
    private mutating func read(_ environment: [String: String]) throws(UsageError) {
        if webConfigFile == nil, let file = environment["BAMBU_WEB_CONFIG_FILE"], !file.isEmpty { webConfigFile = file }
        guard listenAddresses.isEmpty, let addresses = environment["BAMBU_WEB_LISTEN_ADDRESS"] else { return }
        do throws(ListenError) {
            for text in addresses.split(whereSeparator: { ", ".contains($0) }) {
                listenAddresses.append(try ListenAddress(String(text)))
            }
        } catch {
            throw UsageError("BAMBU_WEB_LISTEN_ADDRESS: \(error)")
        }
    }

    private func checkSnapshot() throws(UsageError) {
        guard let output else {
            throw UsageError("snapshot needs a file for the picture: bambu_exporter snapshot NAME -o FILE")
        }
        if follows, everyPercent != nil { throw UsageError("give --follow or --every-percent, not both") }
        if everyPercent != nil, output == "-" || !PictureName(output).tellsPicturesApart {
            throw UsageError("--every-percent needs %p or %t in the name of the file, to tell the pictures apart")
        }
    }
}
