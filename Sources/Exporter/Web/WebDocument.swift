/// `docs/web.md`, written from `WebConfiguration.settings`.
enum WebDocument {
    static var text: String {
        """
        # TLS, users and passwords

        Written by `make docs` from `WebConfiguration.settings` in `Sources/Exporter/Web`; a test fails when it is stale.

        `--web.config.file=PATH` names a file with the keys of [Prometheus' exporter-toolkit](https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md),
        written as JSON: `promtool check web-config` accepts it. [examples/web/web-config.json](../examples/web/web-config.json)
        is one; its password is `change-me`. Paths are taken from the folder of the file.

        ## Keys

        \(ConfigurationDocument.table(of: WebConfiguration.settings, below: "").joined(separator: "\n"))
        ## What it does

        `/-/healthy` and `/-/ready` ask nobody for a password. SIGHUP and `POST /-/reload` read the file again; a bad one changes
        nothing. `--config.check` checks it too, and `healthcheck` takes the flag to know whether to speak TLS.

        A password costs some 50 ms to check, on a thread of its own, once: the verdict is kept, under a salted digest and not as the
        password. A user who is not there takes as long as one who is. Of more than 64 that wait, the next is answered 503.

        Prometheus' side:

        ```yaml
        scrape_configs:
          - job_name: bambu
            scheme: https
            basic_auth:
              username: prometheus
              password_file: /etc/prometheus/bambu-password
            tls_config:
              ca_file: /etc/prometheus/bambu-ca.crt
            static_configs:
              - targets: ["printers.lan:10883"]
        ```

        """
    }
}
