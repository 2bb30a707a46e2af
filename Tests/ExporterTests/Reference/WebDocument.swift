@testable import Exporter

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

        \(ConfigurationDocument.table(of: WebConfiguration.descriptions, below: "").joined(separator: "\n"))
        ## What it does

        `/-/healthy` and `/-/ready` need no password. SIGHUP and `POST /-/reload` read the file again; a bad one changes
        nothing, and neither does a good one beside a bad configuration. `--config.check` checks it too.

        `healthcheck` takes the flag, or `BAMBU_WEB_CONFIG_FILE`, to know whether to use TLS. It needs no client certificate: a client
        on the exporter's own machine passes the handshake without one, and is answered 403 except at `/-/healthy` and `/-/ready`.

        A password costs some 50 ms to check, on a thread of its own, once: the verdict is kept, under a salted digest and not as the
        password. Every check takes as long as one of the highest cost in the file, whether the user exists or not. Clients take turns,
        by address: at most 16 passwords of one address wait, and 64 of all; the next is answered 503.

        Answers have their limits too. At most `--web.max-requests` large answers are written at a time. When another client asks, the
        slowest answer of the address that has most of them ends, if that address has more than its share or the answer has stood
        still for a second; otherwise the request is answered 503. Requests are answered in turn, by address.

        ## Behind a proxy

        `--web.external-url=https://metrics.lan/bambu` says how clients reach the exporter through a proxy. `/sd`, the links of the
        status page and redirects hand it out, and every path of the listener is below `/bambu`. A proxy that takes the path off needs
        `--web.route-prefix=/` as well. `healthcheck` takes both flags.

        ```nginx
        location /bambu/ { proxy_pass http://127.0.0.1:10883; }
        ```

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
