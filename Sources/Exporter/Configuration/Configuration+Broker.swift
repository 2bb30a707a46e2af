import BambuMetrics
import Platform
import TLS

extension Configuration {
    /// The `broker` section: the user's own MQTT broker that printers are bridged to.
    struct Broker: ConfigurationObject, Equatable {
        struct TLS: ConfigurationObject, Equatable {
            enum Verification: String, Sendable, CaseIterable {
                case host, none
            }

            var authorityFile: String?
            var verification = Verification.host
            var certificateFile: String?
            var keyFile: String?
            /// What the files hold.
            private(set) var identity: TLSIdentity?

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
                Setting(
                    "cert_file", \.certificateFile, .text,
                    "The client certificate and its intermediates, as PEM, if the broker requires one. Read again on reload."
                ),
                Setting("key_file", \.keyFile, .text, "The key of `cert_file`, as PEM without a passphrase."),
            ]

            /// Reads the client's certificate.
            mutating func finish(_ value: ConfigurationValue, at path: String, _ reading: inout ConfigurationReading) {
                guard certificateFile != nil || keyFile != nil else { return }
                guard let certificateFile, let keyFile else {
                    return reading.refuse(path, "cert_file and key_file belong together, and one is missing")
                }
                do throws(TLSIdentity.Unusable) {
                    identity = try TLSIdentity(certificateFile: certificateFile, keyFile: keyFile)
                } catch {
                    reading.refuse(path, error.description)
                }
            }
        }

        var host = ""
        var port: UInt16 = 8883
        var user: String?
        var password: Secret?
        var passwordFile: String?
        var clientID: String?
        var tls = TLS()
        var isPlain = false
        var topicPrefix = ""
        var printers: [String]?

        static let settings: [Setting<Self>] = [
            Setting("host", \.host, .host, "The host name or IP address of the broker. Required."),
            Setting("port", \.port, .port, "The broker's port."),
            Setting("username", \.user, .text, "The user name."),
            Setting("password", \.password, .secret, "The password of `username`."),
            Setting("password_file", \.passwordFile, .text, "A file with the password, instead of `password`."),
            Setting(
                "client_id", \.clientID, .text,
                """
                The MQTT client id. A broker ends the session of a client if another one connects with the same id, so each \
                shard appends `-` and its index. Default: a new id for every connection.
                """),
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

        func session(of shard: Shard) -> BrokerSession.Settings {
            BrokerSession.Settings(
                source: .shared(.broker), host: host, port: port, security: security, topicPrefix: topicPrefix,
                takesEveryPrinter: printers == nil, passwordFile: passwordFile,
                clientID: clientID.map { shard.count > 1 ? "\($0)-\(shard.index)" : $0 }, identity: tls.identity)
        }
    }
}
