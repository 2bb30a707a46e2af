import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Metrics that every printer has from the start, in any state.
    static let link = Self(
        "Printer and link", of: Boxed<PrinterSnapshot>.self, from: { Boxed($0) },
        [
            .flag(
                "bambu_up", "Whether the printer sends reports: 1, or 0 if none arrived for stale_after.",
                \.value.link.isUp),
            .info(
                "bambu_down_reason_info", ["reason"],
                "Reason why bambu_up is 0, always 1; absent while bambu_up is 1. A wrong serial number appears as never_reported."
            ) { $0.value.link.isUp ? nil : [$0.value.link.downReason.label] },
            .info(
                "bambu_printer_info", ["serial", "model", "firmware", "transport", "name"],
                "Serial number, model, firmware, transport and account name of the printer; always 1 (MQTT get_version, else the account)."
            ) {
                [
                    $0.value.printer.serial, $0.value.model.name, $0.value.firmware,
                    $0.value.transport.rawValue, $0.value.givenName,
                ]
            },
            .flag(
                "bambu_mqtt_connected", "Whether the MQTT session with the printer's broker is established.",
                \.value.link.isConnected),
            .counter(
                "bambu_mqtt_connects_total",
                "MQTT sessions established with the printer's broker; only for printers on the LAN."
            ) { $0.value.transport == .lan ? Double($0.value.link.connects) : nil },
            .counters(
                "bambu_mqtt_connect_failures_total", by: "reason",
                "Failed attempts to connect to the printer's MQTT broker, by reason; only for printers on the LAN."
            ) { $0.value.transport == .lan ? $0.value.link.failures : nil },
            .counter("bambu_mqtt_messages_total", "MQTT messages of any kind received on the printer's report topic.") {
                Double($0.value.printer.messages)
            },
            .counter(
                "bambu_mqtt_message_bytes_total",
                "Payload size of all MQTT messages received on the printer's report topic."
            ) { Double($0.value.printer.messageBytes) },
            .counters(
                "bambu_mqtt_messages_rejected_total", by: "reason",
                "MQTT messages that were rejected. json: invalid JSON; oversize: too large; shape: not the structure of a message.",
                \.value.printer.rejectedMessages),
            .counter(
                "bambu_report_fields_rejected_total",
                "Report fields with a wrong type or a value out of range. The rest of the report is used."
            ) { Double($0.value.printer.rejectedFields) },
            .gauge(
                "bambu_last_report_timestamp_seconds",
                "Unix time of the last report from the printer; absent before the first one.",
                \.value.printer.lastReport),
            .gauge(
                "bambu_printer_certificate_expiry_timestamp_seconds",
                "Unix time at which the printer's TLS certificate expires; absent before the first TLS handshake."
            ) { $0.value.link.certificateExpiry.map(Double.init) },
        ])
}
