import Glibc

/// A configuration of mosquitto that emulates printers.
struct BrokerConfiguration {
    /// A TLS listener. Its files in the directory have its name, and end in `.pem`, `.key`, `.passwords` and `.access`.
    struct Listener {
        let name: String
        let port: UInt16
    }

    let directory: WorkDirectory
    let listeners: [Listener]
    /// The listener of the firmware, which has no TLS and only a password file.
    let firmware: Listener

    /// The content of an access file: mosquitto accepts every subscription and withholds messages without a rule.
    static func accessRules(user: String, serials: [String]) -> String {
        let topics = serials.map { "topic read device/\($0)/report\ntopic write device/\($0)/request\n" }
        return "user \(user)\n" + topics.joined()
    }

    /// The content of `mosquitto.conf`.
    var text: String {
        // As root, mosquitto keeps its user: a change of user clears the death signal of the process (prctl(2)).
        String(decoding: PackageResources.mosquitto_conf, as: UTF8.self) + (geteuid() == 0 ? "user root\n" : "")
            + text(of: firmware) + listeners.map(secureText).joined()
    }

    private func text(of listener: Listener) -> String {
        """
        listener \(listener.port) 127.0.0.1
        allow_anonymous false
        password_file \(directory.file("\(listener.name).passwords"))

        """
    }

    // A printer's broker has only its own topics: a subscription to another serial is accepted but receives nothing.
    // `acl_file` does this; `mount_point` does not, because mosquitto before 2.0.12 leaves the prefix on topics that it
    // sends.
    private func secureText(of listener: Listener) -> String {
        text(of: listener) + """
            certfile \(directory.file("\(listener.name).pem"))
            keyfile \(directory.file("\(listener.name).key"))
            tls_version tlsv1.2
            acl_file \(directory.file("\(listener.name).access"))

            """
    }
}
