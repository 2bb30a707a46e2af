/// A configuration of mosquitto that makes it look like printers.
struct BrokerConfiguration: Sendable {
    /// One printer's TLS listener.
    struct Listener: Sendable {
        var port: UInt16
        var certificateFile: String
        var keyFile: String
        var passwordFile: String
        /// Rules for what the listener's clients may read and write.
        var accessFile: String
    }

    var listeners: [Listener]
    /// The plain listener of the firmware side.
    var firmwarePort: UInt16
    var firmwarePasswordFile: String
    var isRoot: Bool

    /// The text of a listener's access file. mosquitto accepts every subscription and withholds messages that are not
    /// allowed.
    static func accessRules(user: String, serials: [String]) -> String {
        let topics = serials.map { "topic read device/\($0)/report\ntopic write device/\($0)/request\n" }
        return "user \(user)\n" + topics.joined()
    }

    /// A configuration of OpenSSL for the broker: printers speak TLS 1.2 only, and mosquitto cannot forbid 1.3 itself.
    static let openSSLText = """
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
    var text: String {
        // Giving up root clears the death signal of the process (prctl(2)).
        """
        per_listener_settings true
        persistence false
        log_dest stderr
        log_timestamp false
        log_type error
        log_type warning
        log_type subscribe
        sys_interval 0
        \(isRoot ? "user root" : "")
        listener \(firmwarePort) 127.0.0.1
        allow_anonymous false
        password_file \(firmwarePasswordFile)

        """ + listeners.map(\.text).joined()
    }
}

extension BrokerConfiguration.Listener {
    // A printer's broker knows its own topics alone: another serial gets no answer, and no refusal. Hence `acl_file`, and
    // not `mount_point`: mosquitto before 2.0.12 leaves it on what it sends.
    fileprivate var text: String {
        """
        listener \(port) 127.0.0.1
        allow_anonymous false
        password_file \(passwordFile)
        certfile \(certificateFile)
        keyfile \(keyFile)
        tls_version tlsv1.2
        acl_file \(accessFile)

        """
    }
}
