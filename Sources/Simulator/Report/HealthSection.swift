/// `print.hms`.
struct HealthSection {
    let machine: Machine

    func write(to writer: inout JSONWriter) {
        writer.array("hms") { writer in
            for message in machine.messages {
                writer.object { writer in
                    writer.field("attr", Int(message.attribute))
                    writer.field("code", Int(message.code))
                    guard machine.model.facts.dialect == .delta else { return }
                    writer.field("action", 0)
                    writer.field("timestamp", message.since)
                }
            }
        }
    }
}
