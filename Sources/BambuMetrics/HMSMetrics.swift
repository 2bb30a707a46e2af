import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    /// The gravest of the active messages; so many that a printer gone wild does not flood anybody's database.
    static let hmsMessages = Self(
        "Health messages", labels: ["code", "module", "level"], of: Double.self,
        from: { printer in
            (printer.state?.hms ?? []).prefix(32).map { ([$0.code, $0.module, $0.level.name], 1.0) }
        },
        [
            .gauge(
                "bambu_hms_message_active",
                "A message that is active now, at most 32 of them; the code as the wiki writes it (MQTT hms)."
            ) { $0 }
        ])
}
