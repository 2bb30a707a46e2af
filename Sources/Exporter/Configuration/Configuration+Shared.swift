import BambuMetrics
import Cloud
import Reactor

extension Configuration {
    /// The account that printers are bound to.
    struct Account: Sendable, Equatable {
        var region = Region.global
        /// The file that `bambu_exporter login` writes; "" where none is named, which is an error but to `login`.
        var tokenFile = ""
        /// From one poll of the REST interface to the next.
        var interval = Duration.seconds(300)
        /// Whether printers without a host are read through the cloud's broker.
        var readsReports = true
        /// The serial numbers to take; `nil` for every printer of the account.
        var printers: [String]?
        /// Whether the peer-to-peer camera's kind and region are asked for.
        var wantsCameras = false
        /// Where every request goes; `nil` for the region's hosts.
        var apiURL: String?
        var brokerHost: String?
        var brokerPort: UInt16 = 8883
        var authorityFile: String?

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

    /// A broker of the user's own that printers are bridged into.
    struct Broker: Sendable, Equatable {
        var host = ""
        var port: UInt16 = 8883
        var user: String?
        var password: Secret?
        var passwordFile: String?
        var security = BrokerSession.Settings.Security.verified(authorityFile: nil)
        var topicPrefix = ""
        /// The serial numbers to take; `nil` for every one that reports.
        var printers: [String]?

        func takes(_ serial: String) -> Bool { printers?.contains(serial) ?? true }

        var session: BrokerSession.Settings {
            BrokerSession.Settings(
                source: .broker, host: host, port: port, security: security, topicPrefix: topicPrefix,
                takesEveryPrinter: printers == nil, passwordFile: passwordFile)
        }
    }
}
