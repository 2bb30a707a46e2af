/// A configuration of mosquitto that makes it look like printers.
package struct BrokerConfiguration: Sendable {
    /// One printer's TLS listener.
    package struct Listener: Sendable {
        package var serial: String
        package var port: UInt16
        package var certificateFile: String
        package var keyFile: String
        package var passwordFile: String
    }

    package var listeners: [Listener]
    /// The plain listener of the firmware side.
    package var firmwarePort: UInt16
    package var firmwarePasswordFile: String
    package var isRoot: Bool

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
            // A report that waits for a slow client must not be held back behind twenty others.
            "max_inflight_messages 0",
            "max_queued_messages 0",
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
                "mount_point \(listener.serial)/",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
