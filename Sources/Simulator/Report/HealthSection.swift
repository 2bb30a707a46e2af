/// `print.hms`.
struct HealthSection {
    let machine: Machine

    func write(to writer: inout JSONWriter) {
        writer.objects("hms", machine.messages) { writer, message in
            writer.field("attr", Int(message.attribute))
            writer.field("code", Int(message.code))
            guard machine.model.facts.dialect == .delta else { return }
            writer.field("action", 0)
            writer.field("timestamp", message.since)
        }
    }
}
