/// `print.lights_report`.
struct LightSection {
    let machine: Machine

    func write(to writer: inout JSONWriter) {
        writer.array("lights_report") { writer in
            writer.object { light("chamber_light", machine.fittings.isLightOn ? "on" : "off", to: &$0) }
            guard machine.model.facts.dialect != .delta else { return }
            writer.object { light("work_light", machine.state == .running ? "flashing" : "off", to: &$0) }
        }
    }

    private func light(_ node: String, _ mode: String, to writer: inout JSONWriter) {
        writer.field("mode", mode)
        writer.field("node", node)
    }
}
