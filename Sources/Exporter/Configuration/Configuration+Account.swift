import BambuMetrics
import Cloud
import Reactor

extension Configuration {
    /// The account that printers are bound to.
    struct Account: ConfigurationObject, Equatable {
        var region = Region.global
        /// The file that `bambu_exporter login` writes; "" if none is named, which only `login` accepts.
        var tokenFile = ""
        /// From one poll of the REST interface to the next.
        var interval = Duration.seconds(300)
        /// Whether printers without a host are read through the cloud's broker.
        var readsReports = true
        /// The serial numbers to take; `nil` for every printer of the account.
        var printers: [String]?
        /// Whether the peer-to-peer camera's kind and region are requested.
        var wantsCameras = false
        /// Where every request goes, without a slash at the end; `nil` for the region's hosts.
        var apiURL: String?
        var brokerHost: String?
        var brokerPort: UInt16 = 8883
        var authorityFile: String?

        static let settings: [Setting<Self>] = [
            Setting("region", \.region, .choice, "The account's region.", variable: "BAMBU_CLOUD_REGION"),
            Setting(
                "token_file", \.tokenFile, .text,
                "The file that `bambu_exporter login` writes: a token, bare or as JSON. Required; read again after it has changed.",
                variable: "BAMBU_CLOUD_TOKEN_FILE"),
            Setting(
                "interval", \.interval, .duration(atLeast: .seconds(60)),
                "How often the account is polled. Its metrics are withdrawn two intervals after its last answer."),
            Setting(
                "mqtt", \.readsReports, .flag,
                "Whether printers without `host` are read through the cloud's broker."),
            Setting("printers", \.printers, .serials, "Serial numbers to take. Default: every printer of the account."),
            Setting(
                "camera_credentials", \.wantsCameras, .flag,
                "Whether the peer-to-peer camera's kind and region are requested; the secrets beside them are dropped."),
            Setting(
                "api_url", \.apiURL, .url,
                "Where every request to the account goes, those of `login` included; `https`, or `http` for a loopback address. Default: the region's."
            ),
            Setting("mqtt_host", \.brokerHost, .host, "The cloud's broker. Default: the region's."),
            Setting("mqtt_port", \.brokerPort, .port, "The port of the cloud's broker."),
            Setting(
                "ca_file", \.authorityFile, .authorityFile,
                "PEM file of the authorities to trust for the cloud's broker. Default: the system's."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            if apiURL?.hasSuffix("/") == true { apiURL?.removeLast() }
        }

        /// Whether a printer of the account is wanted.
        func takes(_ serial: String) -> Bool { printers?.contains(serial) ?? true }

        var hosts: CloudClient.Hosts {
            CloudClient.Hosts(api: apiURL ?? region.api, site: apiURL ?? region.site)
        }

        /// The session with the cloud's broker.
        var session: BrokerSession.Settings {
            BrokerSession.Settings(
                source: .cloud, host: brokerHost ?? region.broker, port: brokerPort,
                security: .verified(authorityFile: authorityFile))
        }
    }
}
