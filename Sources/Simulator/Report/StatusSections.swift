/// The sections that deltas contain as a whole.
enum StatusSections {
    static func health(of machine: Machine) -> JSONText {
        let messages: [JSONText] = machine.messages.map { message in
            let more: JSONText = #","action":0,"timestamp":\#(message.since)"#
            let isDelta = machine.model.facts.dialect == .delta
            return #"{"attr":\#(message.attribute),"code":\#(message.code)\#(isDelta ? more : "")}"#
        }
        return #""hms":[\#(messages)]"#
    }

    static func lights(of machine: Machine) -> JSONText {
        let chamber: JSONText = #"{"mode":"on","node":"chamber_light"}"#
        let work: JSONText = #"{"mode":\#(machine.state == .running ? "flashing" : "off"),"node":"work_light"}"#
        return #""lights_report":[\#([chamber, machine.model.facts.dialect == .delta ? "" : work])]"#
    }
}
