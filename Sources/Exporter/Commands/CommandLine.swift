import Cloud
import CommandFlags

extension Options {
    /// The flags, as `--help` lists them.
    static let flags = FlagSet<Options>([
        Flag(
            "config.file", "PATH", "The configuration, JSON5: comments, unquoted keys and trailing commas are fine.",
            default: "\(ConfigurationLoader.defaultFile) where it exists"
        ) { $0.configFile = $1 },
        Flag("config.check", "Checks the configuration, says what is wrong with it, and ends with 0 or 1.") {
            $0.checksConfig = true
        },
        Flag(
            "web.listen-address", "ADDR",
            "Where to listen, such as :10883, 127.0.0.1:10883 or [::1]:10883; port 0 is any free port. May be given again.",
            default: Options.defaultAddress
        ) { $0.listenAddresses.append($1) },
        Flag("web.telemetry-path", "PATH", "The path of the metrics.", default: "/metrics") { options, path in
            guard path.hasPrefix("/"), path.count > 1, path.allSatisfy({ $0.isASCII && !$0.isWhitespace }) else {
                throw UsageError("expected a path such as /metrics, found \"\(path)\"")
            }
            options.telemetryPath = path
        },
        Flag(
            "web.config.file", "PATH",
            "TLS, users and passwords, and fields of every answer, as JSON with the keys of Prometheus' exporters; see docs/web.md."
        ) { $0.webConfigFile = $1 },
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
        ) { $0.shard.index = $1 },
        Flag("shard.count", "N", "How many processes share the printers.") { $0.shard.count = $1 },
        Flag("log.level", "LEVEL", "debug, info, warn or error.", default: "info") {
            $0.logLevel = try choice($1)
        },
        Flag("log.format", "FORMAT", "logfmt or json.", default: "logfmt") { $0.logFormat = try choice($1) },
        Flag("account", "NAME", "The account that login signs in to, an e-mail address as a rule.") {
            guard !$1.isEmpty else { throw UsageError("it is empty") }
            $0.account = $1
        },
        Flag("region", "REGION", "Where that account is: global or china.", default: "the configuration's") {
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
            "Where snapshot puts its picture, -o for short; - is standard output. %t in it is the time, %p how far the print is."
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
        Flag("help", "Says this.") { $0.showsHelp = true },
    ])

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
    /// - Throws: `UsageError`.
    init(arguments: [String]) throws {
        self.init()
        // What everybody tries first.
        let spelled = arguments.map { ["-h": "--help", "-o": "--output"][$0] ?? $0 }
        var operands = try Self.flags.parse(spelled, into: &self)[...]
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

    private func checkSnapshot() throws(UsageError) {
        guard let output else {
            throw UsageError("snapshot needs a file for the picture: bambu_exporter snapshot NAME -o FILE")
        }
        if follows, everyPercent != nil { throw UsageError("give --follow or --every-percent, not both") }
        if everyPercent != nil, output == "-" || !PictureName(output).tellsPicturesApart {
            throw UsageError("--every-percent needs %p or %t in the name of the file, to tell the pictures apart")
        }
    }

    static let help = """
        Exports what Bambu Lab printers report as metrics for Prometheus.

        Usage:
          bambu_exporter [flags]              serve metrics (the default)
          bambu_exporter login                get a token for an account; asks for what it needs, and reads a line for
                                              each answer where standard input is no terminal
          bambu_exporter discover             list the printers that announce themselves on this network
          bambu_exporter snapshot NAME -o FILE
                                              one picture from a printer's JPEG camera
          bambu_exporter forget NAME          forget a printer's remembered certificate
          bambu_exporter healthcheck          end with 0 if the exporter on this machine answers

        One printer needs no file:
          BAMBU_PRINTER_HOST=192.168.1.50 BAMBU_PRINTER_SERIAL=01P00A000000000 \\
          BAMBU_PRINTER_ACCESS_CODE=12345678 bambu_exporter

        A print in pictures, and a live one:
          bambu_exporter snapshot garage --every-percent=10 -o garage-%p.jpg
          bambu_exporter snapshot garage --follow --interval=0s -o - | ffplay -f mjpeg -

        Flags, as --name=value or --name value:
        \(flags.help)

        Environment: BAMBU_PRINTER_HOST, BAMBU_PRINTER_SERIAL, BAMBU_PRINTER_ACCESS_CODE or
        BAMBU_PRINTER_ACCESS_CODE_FILE, BAMBU_PRINTER_NAME, BAMBU_CAMERA_ENABLED, BAMBU_STATE_DIR,
        BAMBU_CLOUD_TOKEN_FILE, BAMBU_CLOUD_REGION, BAMBU_SHARD_INDEX, BAMBU_SHARD_COUNT. A flag overrules the
        environment, and that the file.

        SIGHUP reads the configuration again. Ends with 0 when asked to end, 1 for what went wrong and 2
        for a command line that cannot be used.

        """
}
