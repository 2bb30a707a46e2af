import CommandFlags

extension Options {
    /// The source of `--help`, the manual page and the completions.
    static let manual = Manual(
        of: "bambu_exporter", "Export metrics of Bambu Lab 3D printers for Prometheus.",
        commands: Command.allCases.map(\.usage),
        examples: [
            Manual.Example(
                "One printer, without a configuration file:",
                "BAMBU_PRINTER_HOST=192.168.1.50 BAMBU_PRINTER_SERIAL=01P00A000000000 \\",
                "BAMBU_PRINTER_ACCESS_CODE=12345678 bambu_exporter"),
            Manual.Example(
                "A picture at every 10 % of a print, and a live view:",
                "bambu_exporter snapshot garage --every-percent=10 -o garage-%p.jpg",
                "bambu_exporter snapshot garage --follow --interval=0s -o - | ffplay -f mjpeg -"),
        ],
        flags: flags, variables: variables,
        files: [
            Manual.Entry(
                ConfigurationLoader.defaultFile,
                meaning: "The configuration; see `configuration.md` in the documentation for all keys."),
            Manual.Entry(
                "state_dir, $BAMBU_STATE_DIR or $STATE_DIRECTORY", meaning: "Remembers the printers' certificates."),
        ],
        notes:
            """
            SIGHUP reloads the configuration. The exit code is 0 after SIGTERM or SIGINT, 1 after an error and 2 for \
            an invalid command line.
            """
    )

    static let variables = [
        Manual<Options>.Entry(
            "BAMBU_PRINTER_HOST", "BAMBU_PRINTER_SERIAL",
            meaning: "The address and the serial number of one printer, without a configuration file."),
        Manual.Entry(
            "BAMBU_PRINTER_ACCESS_CODE", "BAMBU_PRINTER_ACCESS_CODE_FILE",
            meaning:
                """
                The access code of that printer, or a file that contains it. The exporter overwrites the code \
                in the environment after reading it.
                """),
        Manual.Entry(
            "BAMBU_PRINTER_NAME", meaning: "The `printer` label of that printer; by default its serial number."),
        Manual.Entry(
            "BAMBU_CAMERA_ENABLED",
            meaning: "Whether to probe the camera of that printer: `true` or `false`."),
        Manual.Entry(
            "BAMBU_CLOUD_TOKEN_FILE", "BAMBU_CLOUD_REGION",
            meaning: "`cloud.token_file` and `cloud.region`; enough to read an account without a configuration file."),
        Manual.Entry(
            "BAMBU_STATE_DIR",
            meaning: "`state_dir`; if it is not set, `$STATE_DIRECTORY` applies, which systemd sets."),
        Manual.Entry(
            "BAMBU_WEB_LISTEN_ADDRESS", "BAMBU_WEB_CONFIG_FILE",
            meaning:
                """
                `--web.listen-address` (separate several with commas) and `--web.config.file`; also used by \
                `healthcheck`.
                """),
        Manual.Entry(
            "BAMBU_SHARD_INDEX", "BAMBU_SHARD_COUNT",
            meaning: "`shard`; the index may be a pod name that ends in it."),
    ]
}

extension Options.Command {
    var usage: Manual<Options>.Command {
        switch self {
        case .serve: Manual.Command("", "[flags]", "serve metrics (the default)")
        case .login:
            Manual.Command(
                rawValue, "",
                "get a token for an account; prompts for credentials, or reads one line per answer from a pipe"
            )
        case .discover: Manual.Command(rawValue, "", "list the printers in this network")
        case .snapshot: Manual.Command(rawValue, "NAME -o FILE", "take a picture with a printer's JPEG camera")
        case .forget: Manual.Command(rawValue, "NAME", "forget a printer's remembered certificate")
        case .healthcheck:
            Manual.Command(rawValue, "", "exit with 0 if the exporter on this machine is healthy")
        }
    }
}
