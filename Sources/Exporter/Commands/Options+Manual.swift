import CommandFlags

extension Options {
    /// What `--help`, the manual page and the completions say.
    static let manual = Manual(
        of: "bambu_exporter", "Exports what Bambu Lab printers report as metrics for Prometheus.",
        commands: Command.allCases.map(\.usage),
        examples: [
            Manual.Example(
                "One printer needs no file:",
                "BAMBU_PRINTER_HOST=192.168.1.50 BAMBU_PRINTER_SERIAL=01P00A000000000 \\",
                "BAMBU_PRINTER_ACCESS_CODE=12345678 bambu_exporter"),
            Manual.Example(
                "A print in pictures, and a live one:",
                "bambu_exporter snapshot garage --every-percent=10 -o garage-%p.jpg",
                "bambu_exporter snapshot garage --follow --interval=0s -o - | ffplay -f mjpeg -"),
        ],
        flags: flags, variables: variables,
        files: [
            Manual.Entry(
                ConfigurationLoader.defaultFile,
                meaning: "The configuration; `configuration.md` in the documentation has every key."),
            Manual.Entry(
                "state_dir, $BAMBU_STATE_DIR or $STATE_DIRECTORY", meaning: "Remembers the printers' certificates."),
        ],
        notes:
            "SIGHUP reads the configuration again. Ends with 0 when asked to end, 1 for what went wrong and 2 for a command line that cannot be used."
    )

    static let variables = [
        Manual<Options>.Entry(
            "BAMBU_PRINTER_HOST", "BAMBU_PRINTER_SERIAL",
            meaning: "One printer that needs no file: its address and its serial number."),
        Manual.Entry(
            "BAMBU_PRINTER_ACCESS_CODE", "BAMBU_PRINTER_ACCESS_CODE_FILE",
            meaning:
                "Its access code, or a file that holds it. The code is overwritten in the environment once it is read."),
        Manual.Entry(
            "BAMBU_PRINTER_NAME", meaning: "Its label `printer`; the serial number where it is left out."),
        Manual.Entry("BAMBU_CAMERA_ENABLED", meaning: "Whether its camera is probed: `true` or `false`."),
        Manual.Entry(
            "BAMBU_CLOUD_TOKEN_FILE", "BAMBU_CLOUD_REGION",
            meaning: "`cloud.token_file` and `cloud.region`; an account needs nothing else."),
        Manual.Entry(
            "BAMBU_STATE_DIR", meaning: "`state_dir`; `$STATE_DIRECTORY`, which systemd sets, is the next choice."),
        Manual.Entry(
            "BAMBU_WEB_LISTEN_ADDRESS", "BAMBU_WEB_CONFIG_FILE",
            meaning:
                "`--web.listen-address`, several separated by commas, and `--web.config.file`, for `healthcheck` too."),
        Manual.Entry(
            "BAMBU_SHARD_INDEX", "BAMBU_SHARD_COUNT",
            meaning: "`shard`; the index may be a pod's name that ends in it."),
    ]
}

extension Options.Command {
    var usage: Manual<Options>.Command {
        switch self {
        case .serve: Manual.Command("", "[flags]", "serve metrics (the default)")
        case .login:
            Manual.Command(
                rawValue, "",
                "get a token for an account; asks for what it needs, and reads a line for each answer where standard input is no terminal"
            )
        case .discover: Manual.Command(rawValue, "", "list the printers that announce themselves on this network")
        case .snapshot: Manual.Command(rawValue, "NAME -o FILE", "one picture from a printer's JPEG camera")
        case .forget: Manual.Command(rawValue, "NAME", "forget a printer's remembered certificate")
        case .healthcheck:
            Manual.Command(rawValue, "", "end with 0 if the exporter on this machine answers")
        }
    }
}
