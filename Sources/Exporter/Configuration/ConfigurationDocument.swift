import CommandFlags

/// `docs/configuration.md`, written from `Setting.root`.
enum ConfigurationDocument {
    static var text: String {
        """
        # Configuration

        Written by `make docs` from `Setting.root` in `Sources/Exporter/Configuration`; a test fails when it is stale.

        The file is JSON5: comments, unquoted keys, single quotes and trailing commas are fine. It is
        `\(ConfigurationLoader.defaultFile)` where it exists, or what `--config.file` names. A flag overrules the environment, and
        that the file. `bambu_exporter --config.check` says what is wrong with a configuration, with line and key.

        Durations are written as Prometheus writes them: `300ms`, `90s`, `5m`, `1h30m`. Secrets are read again on reload and
        after a printer refused one, without the line feed at their end; they appear in no log, metric or error.

        ```json5
        \(sample)
        ```

        ## Keys

        \(table(of: Setting.root, below: "").joined(separator: "\n"))

        ## Environment

        | variable | meaning |
        |---|---|
        | `BAMBU_PRINTER_HOST`, `BAMBU_PRINTER_SERIAL` | One printer that needs no file: its address and its serial number. |
        | `BAMBU_PRINTER_ACCESS_CODE`, `BAMBU_PRINTER_ACCESS_CODE_FILE` | Its access code, or a file that holds it. |
        | `BAMBU_PRINTER_NAME` | Its label `printer`; the serial number where it is left out. |
        | `BAMBU_CAMERA_ENABLED` | Whether its camera is probed: `true` or `false`. |
        | `BAMBU_CLOUD_TOKEN_FILE`, `BAMBU_CLOUD_REGION` | `cloud.token_file` and `cloud.region`; an account needs nothing else. |
        | `BAMBU_STATE_DIR` | `state_dir`; `$STATE_DIRECTORY`, which systemd sets, is the next choice. |
        | `BAMBU_SHARD_INDEX`, `BAMBU_SHARD_COUNT` | `shard`; the index may be a pod's name that ends in it. |

        ## Flags

        ```
        \(Options.flags.help)
        ```

        """
    }

    /// A whole file; a test checks that it is good.
    static let sample = """
        {
          defaults: { tls: { verify: "tofu" } },          // for every printer below
          printers: [
            {
              name: "garage",
              serial: "01P00A000000000",
              host: "192.168.1.50",
              access_code_file: "/run/secrets/garage",    // or access_code: "12345678"
            },
            { name: "desk", serial: "03000A000000000", host: "a1mini.lan", access_code: "12345678" },
          ],
          telemetry: { stale_after: "90s", resync_interval: "5m", job_info: true },
          state_dir: "/var/lib/bambu_exporter",
        }
        """

    /// The keys of an object and of all that is in it, a table each.
    static func table(of settings: [Setting], below path: String) -> [String] {
        let heading = path.isEmpty ? "The file" : "`\(path)`"
        var lines = ["### \(heading)", "", "| key | takes | default | meaning |", "|---|---|---|---|"]
        for setting in settings {
            let fallback = setting.fallback.isEmpty ? "" : "`\(setting.fallback)`"
            lines.append("| `\(setting.key)` | \(words(for: setting.kind)) | \(fallback) | \(setting.help) |")
        }
        lines.append("")
        for setting in settings {
            let inner = path.isEmpty ? setting.key : "\(path).\(setting.key)"
            switch setting.kind {
            case .object(let settings): lines += table(of: settings, below: inner)
            case .list(.object(let settings)): lines += table(of: settings, below: inner + "[]")
            default: break
            }
        }
        return lines
    }

    private static func words(for kind: Setting.Kind) -> String {
        switch kind {
        case .text: "text"
        case .secret: "text, a secret"
        case .flag: "`true`, `false`"
        case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .duration(let shortest): "duration, at least `\(DurationText.text(of: shortest))`"
        case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
        case .fingerprint: "fingerprint"
        case .object: "object"
        case .list(let kind): "list of \(words(for: kind))"
        case .map(let kind): "object of \(words(for: kind))"
        }
    }
}
