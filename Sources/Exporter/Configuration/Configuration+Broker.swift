import BambuMetrics
import Reactor

extension Configuration {
    /// The `broker` section: the user's own MQTT broker that printers are bridged to.
    struct Broker: ConfigurationObject, Equatable {
        /// The TLS settings of the connection.
        struct TLS: ConfigurationObject, Equatable {
            enum Verification: String, Sendable, CaseIterable {
                case host, none
            }

            var authorityFile: String?
            var verification = Verification.host

            static let settings: [Setting<Self>] = [
                Setting(
                    "ca_file", \.authorityFile, .authorityFile,
                    "A PEM file with the certificate authorities to trust. Default: the system's."),
                Setting(
                    "verify", \.verification, .choice,
                    """
                    `host` requires a certificate for the broker's host name; `none` accepts any certificate and logs \
                    a warning.
                    """),
            ]
        }

        var host = ""
        var port: UInt16 = 8883
        var user: String?
        var password: Secret?
        var passwordFile: String?
        var tls = TLS()
        var isPlain = false
        var topicPrefix = ""
        /// The serial numbers to read; `nil` for every printer that reports.
        var printers: [String]?

        static let settings: [Setting<Self>] = [
            Setting("host", \.host, .host, "The host name or IP address of the broker. Required."),
            Setting("port", \.port, .port, "The broker's port."),
            Setting("username", \.user, .text, "The user name."),
            Setting("password", \.password, .secret, "The password of `username`."),
            Setting("password_file", \.passwordFile, .text, "A file with the password, instead of `password`."),
            Setting("tls", \.tls, "The TLS settings of the connection."),
            Setting("plain", \.isPlain, .flag, "Whether to connect without TLS."),
            Setting("topic_prefix", \.topicPrefix, .topicPrefix, "The prefix of `device/SERIAL/report` in topics."),
            Setting(
                "printers", \.printers, .serials,
                "The serial numbers to read. Default: every printer that reports."),
        ]

        mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
            if value["host"] == nil {
                reading.refuse(
                    path,
                    "host is missing. Set it to the broker's host name or IP address")
            }
            password = reading.secret(password, orFile: passwordFile, at: "\(path).password")
            if password != nil, user == nil {
                reading.refuse("\(path).username", "is missing. It is required with password")
            }
            if isPlain, value["tls"] != nil {
                reading.refuse("\(path).plain", "is true, so tls has no effect. Remove one of the two")
            }
        }

        func takes(_ serial: String) -> Bool { printers?.contains(serial) ?? true }

        var security: BrokerSession.Settings.Security {
            if isPlain { return .plain }
            return tls.verification == .none ? .unverified : .verified(authorityFile: tls.authorityFile)
        }

        var session: BrokerSession.Settings {
            BrokerSession.Settings(
                source: .broker, host: host, port: port, security: security, topicPrefix: topicPrefix,
                takesEveryPrinter: printers == nil, passwordFile: passwordFile)
        }
    }
}
