import BambuMetrics
import Cloud

extension Configuration {
    /// The `cloud` section: the account that printers are bound to.
    struct Account: ConfigurationObject, Equatable {
        var region = Region.global
        /// The file that `bambu_exporter login` writes; "" if not set, which only `login` accepts.
        var tokenFile = ""
        var interval = Duration.seconds(300)
        var readsReports = true
        var printers: [String]?
        var wantsCameras = false
        /// The base URL of all requests, without a trailing slash; `nil` for the region's hosts.
        var apiURL: String?
        var brokerHost: String?
        var brokerPort: UInt16 = 8883
        var authorityFile: String?

        static let settings: [Setting<Self>] = [
            Setting("region", \.region, .choice, "The account's region.", variable: "BAMBU_CLOUD_REGION"),
            Setting(
                "token_file", \.tokenFile, .text,
                """
                The file that `bambu_exporter login` writes: a token, as plain text or JSON. Required. It is read \
                again when it changes.
                """,
                variable: "BAMBU_CLOUD_TOKEN_FILE"),
            Setting(
                "interval", \.interval, .duration(atLeast: .seconds(60)),
                """
                The interval between polls of the account. Its metrics are withdrawn two intervals after the last \
                response.
                """),
            Setting(
                "mqtt", \.readsReports, .flag,
                "Whether to read printers without `host` through the cloud broker."),
            Setting(
                "printers", \.printers, .serials,
                "The serial numbers to read. Default: every printer of the account."),
            Setting(
                "camera_credentials", \.wantsCameras, .flag,
                """
                Whether to request the type and region of the peer-to-peer camera. Secrets in the response are dropped.
                """),
            Setting(
                "api_url", \.apiURL, .url,
                """
                The base URL of all requests to the account, also of `login`: `https`, or `http` for a loopback \
                address. Default: the region's.
                """
            ),
            Setting("mqtt_host", \.brokerHost, .host, "The host of the cloud broker. Default: the region's."),
            Setting("mqtt_port", \.brokerPort, .port, "The port of the cloud broker."),
            Setting(
                "ca_file", \.authorityFile, .authorityFile,
                "A PEM file with the certificate authorities to trust for the cloud broker. Default: the system's."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            if apiURL?.hasSuffix("/") == true { apiURL?.removeLast() }
        }

        func takes(_ serial: String) -> Bool { printers?.contains(serial) ?? true }

        var hosts: CloudClient.Hosts {
            CloudClient.Hosts(api: apiURL ?? region.api, site: apiURL ?? region.site)
        }

        var session: BrokerSession.Settings {
            BrokerSession.Settings(
                source: .shared(.cloud), host: brokerHost ?? region.broker, port: brokerPort,
                security: .verified(authorityFile: authorityFile))
        }
    }
}
