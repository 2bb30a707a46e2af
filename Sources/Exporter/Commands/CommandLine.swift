import Cloud
import CommandFlags
import HTTP
import Platform

extension Options {
    /// The flags in the order of `--help`.
    static let flags = FlagSet<Options>([
        Flag(
            "config.file", "PATH",
            "The configuration file, in JSON5 (comments, unquoted keys and trailing commas are allowed).",
            default: "\(ConfigurationLoader.defaultFile), if it exists", of: .file
        ) { $0.configFile = $1 },
        Flag("config.check", "Check the configuration, print errors, and exit with 0 or 1.") {
            $0.checksConfig = true
        },
        Flag(
            "web.listen-address", "ADDR",
            """
            The address to listen on, such as :10883, 127.0.0.1:10883 or [::1]:10883. Port 0 selects a free port. \
            Repeat the flag for several addresses.
            """,
            default: Options.defaultAddress
        ) { options, text in
            do {
                options.listenAddresses.append(try ListenAddress(text))
            } catch {
                throw UsageError("\(error)")
            }
        },
        Flag("web.telemetry-path", "PATH", "The path of the metrics.", default: "/metrics") { options, path in
            let isPath = path.hasPrefix("/") && path.count > 1 && path.allSatisfy { $0.isASCII && !$0.isWhitespace }
            options.telemetryPath = try parsed(isPath ? path : nil, of: path, "a path such as /metrics")
        },
        Flag(
            "web.config.file", "PATH",
            """
            The web configuration: TLS, users and response headers, in JSON with the keys of Prometheus' exporters. \
            See docs/web.md.
            """,
            of: .file
        ) { $0.webConfigFile = $1 },
        Flag(
            "web.external-url", "URL",
            """
            The URL that clients use behind a proxy, such as https://metrics.lan/bambu. Service discovery and \
            redirects contain it.
            """
        ) {
            $0.externalURL = try parsed(ExternalURL($1), of: $1, "a URL such as https://metrics.lan/bambu")
        },
        Flag(
            "web.route-prefix", "PATH", "The prefix of all paths of the listener; / for none.",
            default: "the path of --web.external-url"
        ) {
            $0.routePrefix = try parsed(
                $1.hasPrefix("/") ? ExternalURL.path($1) : nil, of: $1, "a path such as /bambu")
        },
        Flag("web.max-requests", "N", "The maximum number of concurrent scrapes; more get status 503.", default: "40") {
            $0.maxRequests = try number($1, in: 1...10_000)
        },
        Flag("web.enable-lifecycle", "Allow reloading the configuration with POST /-/reload.") {
            $0.enablesLifecycle = true
        },
        Flag(
            "shard.index", "I",
            """
            The index of this process, from 0, if several processes share the printers. A pod name that ends in the \
            index also works.
            """
        ) {
            $0.shard.index = try parsed(
                Configuration.Shard.index(in: $1), of: $1, "a whole number or a name that ends in one")
        },
        Flag("shard.count", "N", "The number of processes that share the printers.") {
            $0.shard.count = try number($1, in: 1...100_000)
        },
        choice("log.level", "LEVEL", "The minimum log level: debug, info, warn or error.", default: "info") {
            $0.logLevel = $1
        },
        choice("log.format", "FORMAT", "The log format: logfmt or json.", default: "logfmt") { $0.logFormat = $1 },
        Flag("account", "NAME", "The account for login, usually an e-mail address.") {
            guard !$1.isEmpty else { throw UsageError("expected an account, found nothing") }
            $0.account = $1
        },
        choice(
            "region", "REGION", "The region of the account for login: global or china.",
            default: "as in the configuration"
        ) {
            $0.region = $1
        },
        Flag("timeout", "DURATION", "The time that discover listens.", default: "10s") {
            let duration = DurationText.parse($1).flatMap { $0 > .zero ? $0 : nil }
            $0.timeout = try parsed(duration, of: $1, "a duration such as 10s")
        },
        Flag(
            "output", "FILE",
            """
            The file for the picture of snapshot; - is standard output. %t becomes the time, %p the progress of the \
            print. Short: -o.
            """,
            letter: "o", of: .file
        ) { $0.output = $1 },
        Flag("follow", "Keep taking pictures with snapshot until it is interrupted.") { $0.follows = true },
        Flag("interval", "DURATION", "The time between pictures with --follow; 0s takes every frame.", default: "1s") {
            $0.interval = try parsed(DurationText.parse($1), of: $1, "a duration such as 1s")
        },
        Flag(
            "every-percent", "N",
            "Take a picture with snapshot whenever the print has advanced by this percentage, such as 10."
        ) {
            $0.everyPercent = try number($1, in: 1...100)
        },
        Flag("version", "Print the version.") { $0.showsVersion = true },
        Flag("help", "Show this help.", letter: "h") { $0.showsHelp = true },
    ])

    /// A flag with one of several words.
    private static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ name: String, _ placeholder: String, _ help: String, default fallback: String,
        set: @escaping @Sendable (inout Options, Choice) -> Void
    ) -> Flag<Options> {
        let words = Choice.allCases.map(\.rawValue)
        return Flag(name, placeholder, help, default: fallback, of: .choices(words)) { options, text in
            set(&options, try parsed(Choice(rawValue: text), of: text, "one of \(words.joined(separator: ", "))"))
        }
    }

    private static func number(_ text: String, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        try parsed(
            Int(text).flatMap { range.contains($0) ? $0 : nil }, of: text,
            "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Unwraps the value of a text; throws what is expected instead if the text is invalid.
    private static func parsed<Value>(_ value: Value?, of text: String, _ expected: String) throws(UsageError) -> Value
    {
        guard let value else { throw UsageError("expected \(expected), found \"\(text)\"") }
        return value
    }

    /// Parses a command line without the program's name.
    ///
    /// - Parameter environment: `BAMBU_WEB_LISTEN_ADDRESS` and `BAMBU_WEB_CONFIG_FILE` replace missing flags.
    /// - Throws: `UsageError` if the command line is invalid.
    init(arguments: [String], environment: [String: String] = [:]) throws {
        self.init()
        var operands = try Self.flags.parse(arguments, into: &self)[...]
        try apply(environment)
        guard !showsHelp, !showsVersion, let name = operands.popFirst() else { return }
        guard let command = Command(rawValue: name), command != .serve else {
            let commands = Command.allCases.filter { $0 != .serve }.map(\.rawValue)
            throw UsageError(
                "unknown command \(name)\(Spelling.suggestion(for: name, among: commands)) (see bambu_exporter --help)")
        }
        self.command = command
        if command == .forget || command == .snapshot {
            operand = operands.popFirst()
            if operand == nil { throw UsageError("\(name) needs the name of a printer: \(usage)") }
        }
        if command == .snapshot { try checkSnapshot() }
        if let extra = operands.first { throw UsageError("unexpected argument \(extra)") }
    }

    /// Applies variables of the environment. Flags take precedence.
    private mutating func apply(_ environment: [String: String]) throws(UsageError) {
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

    private var usage: String { Self.manual.usage(of: command.usage) }

    private func checkSnapshot() throws(UsageError) {
        guard let output else {
            throw UsageError("snapshot needs a file for the picture: \(usage)")
        }
        if follows, everyPercent != nil { throw UsageError("--follow and --every-percent cannot be combined") }
        if everyPercent != nil, output == "-" || !PictureName(output).isUniquePerPicture {
            throw UsageError("--every-percent needs %p or %t in the file name, so that each picture has its own file")
        }
    }
}
