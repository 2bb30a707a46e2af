/// A configuration of mosquitto that emulates printers.
struct BrokerConfiguration: Sendable {
    /// The TLS listener of one printer.
    struct Listener: Sendable {
        var port: UInt16
        var certificateFile: String
        var keyFile: String
        var passwordFile: String
        /// The file with the access rules of the listener's clients.
        var accessFile: String
    }

    var listeners: [Listener]
    /// The port of the firmware's listener, which has no TLS.
    var firmwarePort: UInt16
    var firmwarePasswordFile: String
    var isRoot: Bool

    /// The content of a listener's access file.
    ///
    /// mosquitto accepts every subscription and withholds messages that the rules do not allow.
    static func accessRules(user: String, serials: [String]) -> String {
        let topics = serials.map { "topic read device/\($0)/report\ntopic write device/\($0)/request\n" }
        return "user \(user)\n" + topics.joined()
    }

    /// An OpenSSL configuration that limits the broker to TLS 1.2, as printers do; mosquitto has no option to disable
    /// 1.3.
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

    /// The content of `mosquitto.conf`.
    var text: String {
        // As root, mosquitto keeps its user: a change of user clears the death signal of the process (prctl(2)).
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
    // A printer's broker has only its own topics: a subscription to another serial is accepted but receives nothing.
    // `acl_file` does this; `mount_point` does not, because mosquitto before 2.0.12 leaves the prefix on topics that it
    // sends.
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
