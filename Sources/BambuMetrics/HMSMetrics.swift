import BambuProtocol

extension MetricGroup<PrinterSnapshot> {
    static let hms = Self(
        "Health", of: HealthSubject.self, from: HealthSubject.init,
        [
            .byLabel(
                "bambu_hms_messages", "level",
                "Active messages of the health management system; hidden ones are those that no screen shows (MQTT hms)."
            ) { subject in
                HMSMessage.Level.allCases.map { level in
                    (level.name, Double(subject.messages.count { $0.level(by: subject.texts) == level }))
                }
            }
        ])

    /// The gravest of the active messages; so many that a printer gone wild does not flood a database.
    static let hmsMessages = Self(
        "Health messages", labels: ["code"], of: MessageSubject.self,
        from: { printer in
            guard let health = HealthSubject(printer) else { return [] }
            return health.gravest.map { ([$0.code], MessageSubject(message: $0, texts: health.texts)) }
        },
        [
            .info(
                "bambu_hms_message_active", ["module", "level"],
                "A message that is active now, at most 32 of them; the code as the wiki writes it (MQTT hms)."
            ) { [$0.message.module, $0.message.level(by: $0.texts).name] },
            .info(
                "bambu_hms_message_info", ["text"],
                "What an active message means, in words; only with fault_texts, and \"\" where the catalogue has none."
            ) { subject in subject.texts.map { [$0.text(of: subject.message)] } },
        ])
}

/// The active messages of a printer that is up, and what they mean where that is known.
private struct HealthSubject {
    /// Series of single messages of one printer at the most.
    private static let limit = 32

    let messages: [HMSMessage]
    let texts: FaultTexts?

    init?(_ printer: PrinterSnapshot) {
        guard let state = printer.state else { return nil }
        messages = state.hms ?? []
        texts = printer.faultTexts
    }

    var gravest: ArraySlice<HMSMessage> {
        guard let texts else { return messages.prefix(Self.limit) }
        return (messages.filter { $0.level(by: texts) != .hidden } + messages.filter { $0.level(by: texts) == .hidden })
            .prefix(Self.limit)
    }
}

private struct MessageSubject {
    let message: HMSMessage
    let texts: FaultTexts?
}
