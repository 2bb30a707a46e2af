/// A configuration of mosquitto that makes it look like printers.
package struct BrokerConfiguration: Sendable {
    /// One printer's TLS listener.
    package struct Listener: Sendable {
        package var serial: String
        package var port: UInt16
        package var certificateFile: String
        package var keyFile: String
        package var passwordFile: String
        /// Rules for what the listener's clients may read and write.
        package var accessFile: String
    }

    package var listeners: [Listener]
    /// The plain listener of the firmware side.
    package var firmwarePort: UInt16
    package var firmwarePasswordFile: String
    package var isRoot: Bool

    /// The text of a printer's access file. mosquitto lets everybody subscribe, and then holds back what it does not allow.
    package static func accessRules(serial: String) -> String {
        "user bblp\ntopic read device/\(serial)/report\ntopic write device/\(serial)/request\n"
    }

    /// The same for the cloud's listener, whose user reads every printer of the account.
    package static func cloudAccessRules(user: String, serials: [String]) -> String {
        let topics = serials.map { "topic read device/\($0)/report\ntopic write device/\($0)/request\n" }
        return "user \(user)\n" + topics.joined()
    }

    /// A configuration of OpenSSL for the broker: printers speak TLS 1.2 alone, and mosquitto cannot forbid 1.3 itself.
    package static let openSSLText = """
        openssl_conf = simulator
        [simulator]
        ssl_conf = libraries
        [libraries]
        system_default = printers
        [printers]
        MinProtocol = TLSv1.2
        MaxProtocol = TLSv1.2

        """

    /// The text of `mosquitto.conf`.
    package var text: String {
        var lines = [
            "per_listener_settings true",
            "persistence false",
            "log_dest stderr",
            "log_timestamp false",
            "log_type error",
            "log_type warning",
            "log_type subscribe",
            "sys_interval 0",
        ]
        // Giving up root clears the death signal of the process (prctl(2)).
        if isRoot { lines.append("user root") }
        lines += [
            "listener \(firmwarePort) 127.0.0.1",
            "allow_anonymous false",
            "password_file \(firmwarePasswordFile)",
        ]
        for listener in listeners {
            lines += [
                "listener \(listener.port) 127.0.0.1",
                "allow_anonymous false",
                "password_file \(listener.passwordFile)",
                "certfile \(listener.certificateFile)",
                "keyfile \(listener.keyFile)",
                "tls_version tlsv1.2",
                // A printer's broker knows its own topics alone: another serial gets no answer, and no refusal.
                // Not `mount_point`: mosquitto before 2.0.12 leaves it on what it sends.
                "acl_file \(listener.accessFile)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
