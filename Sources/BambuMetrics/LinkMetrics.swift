import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// Metrics that every printer has from the start, in any state.
    static let link = Self(
        "Printer and link", of: LinkSubject.self, from: LinkSubject.init,
        [
            .flag("bambu_up", "Whether the printer sends reports: 1, or 0 if none arrived for stale_after.") {
                $0.snapshot.link.isUp
            },
            .info(
                "bambu_down_reason_info", ["reason"],
                "Reason why bambu_up is 0, always 1; absent while bambu_up is 1. A wrong serial number appears as never_reported."
            ) { $0.snapshot.link.isUp ? nil : [$0.snapshot.link.downReason.label] },
            .info(
                "bambu_printer_info", ["serial", "model", "firmware", "transport", "name"],
                "Serial number, model, firmware, transport and account name of the printer; always 1 (MQTT get_version, else the account)."
            ) {
                [
                    $0.snapshot.printer.serial, $0.snapshot.model.name, $0.snapshot.firmware,
                    $0.snapshot.transport.rawValue, $0.snapshot.givenName,
                ]
            },
            .flag("bambu_mqtt_connected", "Whether the MQTT session with the printer's broker is established.") {
                $0.snapshot.link.isConnected
            },
            .counter(
                "bambu_mqtt_connects_total",
                "MQTT sessions established with the printer's broker; only for printers on the LAN."
            ) { $0.snapshot.transport == .lan ? Double($0.snapshot.link.connects) : nil },
            .byLabel(
                "bambu_mqtt_connect_failures_total", "reason",
                "Failed attempts to connect to the printer's MQTT broker, by reason; only for printers on the LAN.",
                kind: .counter
            ) { printer in
                guard printer.snapshot.transport == .lan else { return [] }
                return Link.Failure.allCases.map { ($0.rawValue, Double(printer.snapshot.link.failures[$0] ?? 0)) }
            },
            .counter("bambu_mqtt_messages_total", "MQTT messages of any kind received on the printer's report topic.") {
                Double($0.snapshot.printer.messages)
            },
            .counter(
                "bambu_mqtt_message_bytes_total",
                "Payload size of all MQTT messages received on the printer's report topic."
            ) { Double($0.snapshot.printer.messageBytes) },
            .byLabel(
                "bambu_mqtt_messages_rejected_total", "reason",
                "MQTT messages that were rejected. json: invalid JSON; oversize: too large; shape: not the structure of a message.",
                kind: .counter
            ) { printer in
                Printer.Rejection.allCases.map {
                    ($0.rawValue, Double(printer.snapshot.printer.rejectedMessages[$0] ?? 0))
                }
            },
            .counter(
                "bambu_report_fields_rejected_total",
                "Report fields with a wrong type or a value out of range. The rest of the report is used."
            ) { Double($0.snapshot.printer.rejectedFields) },
            .gauge(
                "bambu_last_report_timestamp_seconds",
                "Unix time of the last report from the printer; absent before the first one.",
                \.snapshot.printer.lastReport),
            .gauge(
                "bambu_printer_certificate_expiry_timestamp_seconds",
                "Unix time at which the printer's TLS certificate expires; absent before the first TLS handshake."
            ) { $0.snapshot.link.certificateExpiry.map(Double.init) },
        ])
}

/// A printer.
///
/// A class, because it is passed to every metric of the group and a struct would copy its strings.
private final class LinkSubject: Sendable {
    let snapshot: PrinterSnapshot

    init(_ snapshot: PrinterSnapshot) {
        self.snapshot = snapshot
    }
}
