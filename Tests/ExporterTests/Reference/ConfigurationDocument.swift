import CommandFlags

@testable import Exporter

/// `docs/configuration.md`, written from `Configuration.settings`.
enum ConfigurationDocument {
    static var text: String {
        """
        # Configuration

        Written by `make docs` from `Configuration.settings` in `Sources/Exporter/Configuration`; a test fails when it is stale.

        The file is JSON5: comments, unquoted keys, single quotes and trailing commas are fine. It is
        `\(ConfigurationLoader.defaultFile)` where it exists, or what `--config.file` names. A flag overrules the environment, and
        that the file. `bambu_exporter --config.check` says what is wrong with a configuration, with line and key.

        Durations are written as Prometheus writes them: `300ms`, `90s`, `5m`, `1h30m`. Secrets are read again on reload and
        after a printer refused one, without the line feed at their end; they appear in no log, metric or error.

        ```json5
        \(sample)
        ```

        ## Keys

        \(table(of: Configuration.descriptions, below: "").joined(separator: "\n"))

        ## Environment

        | variable | meaning |
        |---|---|
        \(Options.variables.map(row).joined(separator: "\n"))

        ## Flags

        ```
        \(Options.flags.help)
        ```

        """
    }

    private static func row(_ variable: Manual<Options>.Entry) -> String {
        "| \(variable.names.map { "`\($0)`" }.joined(separator: ", ")) | \(variable.meaning) |"
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
    static func table(of settings: [SettingDescription], below path: String) -> [String] {
        let heading = path.isEmpty ? "The file" : "`\(path)`"
        var lines = ["### \(heading)", "", "| key | takes | default | meaning |", "|---|---|---|---|"]
        for setting in settings {
            let fallback = setting.fallback.isEmpty ? "" : "`\(setting.fallback)`"
            let variable = setting.variable.map { " Variable: `\($0)`." } ?? ""
            lines.append("| `\(setting.key)` | \(setting.takes) | \(fallback) | \(setting.help)\(variable) |")
        }
        lines.append("")
        for setting in settings where !setting.members.isEmpty {
            let inner = (path.isEmpty ? setting.key : "\(path).\(setting.key)") + (setting.isList ? "[]" : "")
            lines += table(of: setting.members, below: inner)
        }
        return lines
    }
}
