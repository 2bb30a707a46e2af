import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    static let hms = Self(
        "Health", of: HealthSubject.self, from: HealthSubject.init,
        [
            .byLabel(
                "bambu_hms_messages", "level",
                "Number of active health messages (HMS) by level. hidden: not shown on any screen (MQTT hms)."
            ) { subject in
                HMSMessage.Level.allCases.map { level in
                    (level.name, Double(subject.messages.count { $0.level(by: subject.texts) == level }))
                }
            }
        ])

    /// The most severe active messages. A limit protects the database from a faulty printer.
    static let hmsMessages = Self(
        "Health messages", labels: ["code"], of: (message: HMSMessage, texts: FaultTexts?).self,
        from: { printer in
            guard let health = HealthSubject(printer) else { return [] }
            return health.mostSevere.map { ([$0.code], ($0, health.texts)) }
        },
        [
            .info(
                "bambu_hms_message_active", ["module", "level"],
                "Active health message (HMS) with the code as in the Bambu Lab wiki, always 1; at most 32 per printer (MQTT hms)."
            ) { [$0.message.module, $0.message.level(by: $0.texts).name] },
            .info(
                "bambu_hms_message_info", ["text"],
                "Text of an active health message (HMS), always 1; only with fault_texts. Empty if the catalogue has no text."
            ) { subject in subject.texts.map { [$0.text(of: subject.message)] } },
        ])
}

/// The active messages of a printer that is up, and the catalogue of their texts if there is one.
private struct HealthSubject {
    /// The largest number of series of single messages of one printer.
    private static let limit = 32

    let messages: [HMSMessage]
    let texts: FaultTexts?

    init?(_ printer: PrinterSnapshot) {
        guard let state = printer.state else { return nil }
        messages = state.hms ?? []
        texts = printer.faultTexts
    }

    var mostSevere: ArraySlice<HMSMessage> {
        guard let texts else { return messages.prefix(Self.limit) }
        return (messages.filter { $0.level(by: texts) != .hidden } + messages.filter { $0.level(by: texts) == .hidden })
            .prefix(Self.limit)
    }
}
