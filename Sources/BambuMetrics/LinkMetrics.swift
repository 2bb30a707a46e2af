import BambuProtocol
import OpenMetrics

extension MetricGroup<PrinterSnapshot> {
    /// There from start for every printer, whatever its state.
    static let link = Self(
        "Printer and link", of: PrinterSnapshot.self, from: { $0 },
        [
            .flag("bambu_up", "Whether reports arrive from the printer: 1, or 0 once none came for stale_after.") {
                $0.link.isUp
            },
            .info(
                "bambu_down_reason_info", ["reason"],
                "Why bambu_up is 0; absent while it is 1. A wrong serial number looks like never_reported."
            ) { $0.link.isUp ? nil : [$0.link.downReason.label] },
            .info(
                "bambu_printer_info", ["serial", "model", "firmware", "transport", "name"],
                "What is known of the printer; model and firmware as get_version reports them, or the account."
            ) { [$0.printer.serial, $0.model.name, $0.firmware, $0.transport.rawValue, $0.givenName] },
            .flag("bambu_mqtt_connected", "Whether the session with the printer's broker stands.") {
                $0.link.isConnected
            },
            .counter(
                "bambu_mqtt_connects_total", "Sessions established with the printer's broker; printers on the LAN."
            ) { $0.transport == .lan ? Double($0.link.connects) : nil },
            .byLabel(
                "bambu_mqtt_connect_failures_total", "reason",
                "Attempts to connect that failed, by what went wrong; printers on the LAN.",
                kind: .counter
            ) { printer in
                guard printer.transport == .lan else { return [] }
                return Link.Failure.allCases.map { ($0.rawValue, Double(printer.link.failures[$0] ?? 0)) }
            },
            .counter("bambu_mqtt_messages_total", "Messages on the report topic, of whatever kind.") {
                Double($0.printer.messages)
            },
            .counter("bambu_mqtt_message_bytes_total", "Bytes of these messages.") { Double($0.printer.messageBytes) },
            .byLabel(
                "bambu_mqtt_messages_rejected_total", "reason",
                "Messages that were not used: no JSON, too large, or of another shape than a message has.",
                kind: .counter
            ) { printer in
                Printer.Rejection.allCases.map { ($0.rawValue, Double(printer.printer.rejectedMessages[$0] ?? 0)) }
            },
            .counter(
                "bambu_report_fields_rejected_total",
                "Fields of the wrong kind or outside their range; the rest of their report was used."
            ) { Double($0.printer.rejectedFields) },
            .gauge(
                "bambu_last_report_timestamp_seconds", "When the last report came; absent before the first.",
                \.printer.lastReport),
            .gauge(
                "bambu_printer_certificate_expiry_timestamp_seconds",
                "When the printer's certificate ends; absent before the first handshake."
            ) { $0.link.certificateExpiry.map(Double.init) },
        ])
}
